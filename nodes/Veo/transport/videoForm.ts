/** An image to send, with the type that its bytes have. */
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
	/** An orientation, e.g. `16x9` or `portrait`, or a size in pixels. */
	size: string;
	/** In seconds; absent if the user has set none. */
	duration?: number;
	extraFields: FormField[];
	/** None, one image, or first and last frame in this order. */
	images: ImageFile[];
}

/** The form fields the node fills itself, in the order in which CometAPI documents them. */
export const OWN_FIELDS = ['prompt', 'model', 'size', 'seconds', 'input_reference'];

/** The words for an orientation, and what the models take for it. */
const ORIENTATIONS = [
	{ words: /^(16[x:/]9|landscape)$/i, ratio: '16x9', pixels: '1280x720' },
	{ words: /^(9[x:/]16|portrait)$/i, ratio: '9x16', pixels: '720x1280' },
];

/** Models for which CometAPI documents sizes in pixels only. */
const TAKES_PIXELS = /^veo3\.1/i;

/** The text fields of `POST /v1/videos`; what is empty is not sent. */
export function textFields(request: Omit<VideoRequest, 'images'>): FormField[] {
	const { prompt, model, duration, extraFields } = request;
	const own: FormField[] = [
		['prompt', prompt],
		['model', model],
		['size', sizeOf(request)],
		['seconds', duration === undefined ? '' : String(duration)],
	];
	return [...own.filter(([, value]) => value !== ''), ...extraFields];
}

/** The size to send: models take orientations in different forms. */
export function sizeOf({ size, model }: Pick<VideoRequest, 'size' | 'model'>): string {
	const orientation = ORIENTATIONS.find(({ words }) => words.test(size));
	if (!orientation) return size;
	return TAKES_PIXELS.test(model) ? orientation.pixels : orientation.ratio;
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
