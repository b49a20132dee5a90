import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import busboy from 'busboy';

export interface FieldPart {
	name: string;
	value: string;
}

export interface FilePart {
	name: string;
	filename: string;
	mimeType: string;
	size: number;
	sha256: string;
	/** Absent with the sandbox's `keepImages: false`. */
	bytes?: Buffer;
}

export type Part = FieldPart | FilePart;

export interface CreateForm {
	/** In the order in which they were sent. */
	parts: Part[];
	/** Why CometAPI would refuse the request; absent if it is valid. */
	problem?: string;
}

const MAX_IMAGES = 2;
const SINGLE_FIELDS = ['prompt', 'model', 'size', 'seconds'];
/** The documentation names sizes, e.g. 16x9 and 1280x720, and 4, 6 or 8 seconds. */
const FORMATS: Record<string, RegExp> = { size: /^\w+$/, seconds: /^\d+$/ };

export const isFile = (part: Part): part is FilePart => 'filename' in part;

export function fieldOf(parts: Part[], name: string): string | undefined {
	return parts.find((part): part is FieldPart => !isFile(part) && part.name === name)?.value;
}

/** Reads a create request strictly: it refuses even forms that the real API may accept by chance. */
export async function readCreateForm(
	headers: IncomingHttpHeaders,
	body: Buffer,
	keepImages = true,
): Promise<CreateForm> {
	// busboy also accepts url-encoded forms
	if (!/^multipart\/form-data\s*;/i.test(headers['content-type'] ?? '')) {
		return { parts: [], problem: 'Content-Type must be multipart/form-data with a boundary' };
	}
	try {
		const parts = await parse(headers, body, keepImages);
		return { parts, problem: problemWith(parts) };
	} catch (error) {
		return { parts: [], problem: `the form cannot be read: ${(error as Error).message}` };
	}
}

async function parse(headers: IncomingHttpHeaders, body: Buffer, keepImages: boolean) {
	const parser = busboy({ headers, defParamCharset: 'utf8' });
	const parts: Part[] = [];
	parser.on('field', (name, value) => parts.push({ name, value }));
	parser.on('file', (name, stream, { filename, mimeType }) => {
		const file: FilePart = { name, filename: filename ?? '', mimeType, size: 0, sha256: '' };
		const chunks: Buffer[] = [];
		parts.push(file);
		// the parser reports an incomplete part; without a listener, the process would end
		stream.on('error', () => {});
		stream.on('data', (chunk: Buffer) => chunks.push(chunk));
		stream.on('end', () => {
			const bytes = Buffer.concat(chunks);
			file.size = bytes.length;
			file.sha256 = createHash('sha256').update(bytes).digest('hex');
			if (keepImages) file.bytes = bytes;
		});
	});
	await new Promise<void>((resolve, reject) => {
		parser.on('error', reject);
		parser.on('close', resolve);
		parser.end(body);
	});
	return parts;
}

function problemWith(parts: Part[]): string | undefined {
	const files = parts.filter(isFile);
	const fields = parts.filter((part): part is FieldPart => !isFile(part));

	for (const name of SINGLE_FIELDS) {
		const values = fields.filter((field) => field.name === name).map((field) => field.value);
		if (values.length > 1) return `${name} was sent more than once`;
		if (name === 'prompt' && !values.length) return 'prompt is required';
		if (values[0]?.trim() === '') return `${name} must not be empty`;
		if (values[0] !== undefined && FORMATS[name]?.test(values[0]) === false) {
			return `${name} is not supported: ${values[0]}`;
		}
	}
	if (fields.some((field) => field.name === 'input_reference')) {
		return 'input_reference must be a file with a file name';
	}
	if (files.length > MAX_IMAGES) return `at most ${MAX_IMAGES} input_reference files are allowed`;
	for (const file of files) {
		if (file.name !== 'input_reference') return `${file.name} is not a file field`;
		if (!file.filename) return 'input_reference has no file name';
		if (!file.mimeType.startsWith('image/')) {
			return `input_reference must be an image, not ${file.mimeType}`;
		}
		if (!file.size) return 'input_reference is empty';
	}
	return undefined;
}
