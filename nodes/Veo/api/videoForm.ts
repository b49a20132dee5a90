/** An image as it is sent: real bytes, and the type they really have. */
export interface ImageFile {
	fileName: string;
	mimeType: string;
	bytes: Buffer;
}

export type FormField = [name: string, value: string];

/** One video, as the user describes it. */
export interface VideoRequest {
	prompt: string;
	model: string;
	size: string;
	extraFields: FormField[];
	/** None, one image, or first and last frame in this order. */
	images: ImageFile[];
}

/** The form fields the node fills itself, in the order in which CometAPI documents them. */
export const OWN_FIELDS = ['prompt', 'model', 'size', 'input_reference'];

/** The text fields of `POST /v1/videos`; what is empty is not sent. */
export function textFields({ prompt, model, size, extraFields }: VideoRequest): FormField[] {
	const own: FormField[] = [
		['prompt', prompt],
		['model', model],
		['size', size],
	];
	return [...own.filter(([, value]) => value !== ''), ...extraFields];
}

/** A fresh form for one request: a form that was sent can't be sent again. */
export function buildVideoForm(request: VideoRequest): FormData {
	const form = new FormData();
	for (const [name, value] of textFields(request)) form.append(name, value);
	for (const { fileName, mimeType, bytes } of request.images) {
		form.append('input_reference', new Blob([bytes], { type: mimeType }), fileName);
	}
	return form;
}
