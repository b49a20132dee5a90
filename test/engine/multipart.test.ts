import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import busboy from 'busboy';
import ReferenceForm from 'form-data';

import type { InputFile } from '../support/engine';
import { images } from '../support/setUp';
import { engine } from '../support/veo';

interface Request {
	headers: IncomingHttpHeaders;
	body: Buffer;
}

interface SentImage extends InputFile {
	fileName: string;
}

interface Sent {
	prompt: string;
	extra?: Array<[name: string, value: string]>;
	image?: SentImage;
	frames?: [first: SentImage, last: SentImage];
}

/** The node's request, byte for byte. */
async function requestOfNode({ prompt, extra = [], image, frames }: Sent): Promise<Request> {
	const requests: Request[] = [];
	const server = createServer((req, res) => {
		const chunks: Buffer[] = [];
		req.on('data', (chunk: Buffer) => chunks.push(chunk));
		req.on('end', () => {
			requests.push({ headers: req.headers, body: Buffer.concat(chunks) });
			res.setHeader('content-type', 'application/json').end('{"id":"task_1","status":"queued"}');
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const field = extra.map(([name, value]) => ({ name, value }));
	const { error } = await engine.run({
		credential: { apiKey: 'sk-test-key', baseUrl: `http://127.0.0.1:${port}` },
		items: [{ json: { prompt }, files: files({ image, frames }) }],
		parameters: {
			operation: 'create',
			prompt: '={{ $json.prompt }}',
			imageInput: frames ? 'frames' : image ? 'image' : 'none',
			options: { extraFields: { field } },
		},
	});
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
	expect(error).toBeUndefined();
	const [request, ...others] = requests.filter(({ headers }) => headers['content-length']);
	expect(others).toEqual([]);
	return request;
}

function files({ image, frames }: Omit<Sent, 'prompt'>): Record<string, InputFile> {
	if (frames) return { firstFrame: frames[0], lastFrame: frames[1] };
	return image ? { data: image } : {};
}

/** The same request as the `form-data` package encodes it. */
function requestOfPackage({ prompt, extra = [], image, frames }: Sent): Request {
	const form = new ReferenceForm();
	const fields = [['prompt', prompt], ['model', 'veo3-fast'], ['size', '16x9'], ...extra];
	// Web forms use CRLF for the newlines of a text; the package leaves them unchanged.
	for (const [name, value] of fields) form.append(name, value.replace(/\r?\n/g, '\r\n'));
	for (const { fileName, mimeType, bytes } of frames ?? (image ? [image] : [])) {
		form.append('input_reference', bytes, { filename: fileName, contentType: mimeType });
	}
	return { headers: form.getHeaders(), body: form.getBuffer() };
}

/** Names, values, file names, types and bytes of all parts, in the order of the body. */
async function partsOf({ headers, body }: Request) {
	const parser = busboy({ headers, defParamCharset: 'utf8', preservePath: true });
	const parts: Array<Record<string, string | undefined>> = [];
	parser.on('field', (name, value, { mimeType, encoding }) => {
		parts.push({ name, value, mimeType, encoding });
	});
	parser.on('file', (name, stream, { filename = '', mimeType, encoding }) => {
		const part: Record<string, string | undefined> = { name, filename, mimeType, encoding };
		parts.push(part);
		const chunks: Buffer[] = [];
		stream.on('data', (chunk: Buffer) => chunks.push(chunk));
		stream.on('end', () => (part.bytes = Buffer.concat(chunks).toString('base64')));
	});
	await new Promise((resolve, reject) => {
		parser.on('close', resolve).on('error', reject).end(body);
	});
	return parts;
}

const png: SentImage = { ...images.png, fileName: 'first.png' };
const jpeg: SentImage = { ...images.jpeg, fileName: 'last.jpg' };
const named = (fileName: string) => ({ prompt: 'p', image: { ...png, fileName } });

const cases: Array<[name: string, sent: Sent, partCount: number]> = [
	['a prompt', { prompt: 'A paper kite' }, 3],
	['umlauts', { prompt: 'Ein Käfer fährt über ß-Straßen' }, 3],
	['emoji', { prompt: 'A 🪁 above 👩‍🌾 and 🏞️' }, 3],
	['quotes and backslashes', { prompt: '"Look!" she said, \'up\' \\ "there" %22 &quot;' }, 3],
	['what looks like multipart', { prompt: '--boundary--\tContent-Disposition: form-data; x' }, 3],
	['newlines', { prompt: 'First line\nsecond line\n\nlast line' }, 3],
	['newlines of Windows', { prompt: 'First line\r\nsecond line' }, 3],
	[
		'additional fields',
		{ prompt: 'p', extra: Object.entries({ seed: '8', 'meta[ö]': '{"a": "ü"}' }) },
		5,
	],
	[
		'repeated additional fields',
		{
			prompt: 'p',
			extra: [
				['tag', 'b'],
				['seed', '1'],
				['tag', 'a'],
			],
		},
		6,
	],
	['an image', { prompt: 'p', image: png }, 4],
	['two images', { prompt: 'p', frames: [png, jpeg] }, 5],
	['two images in the other order', { prompt: 'p', frames: [jpeg, png] }, 5],
	['the same image twice', { prompt: 'p', frames: [png, png] }, 5],
	['a file name with spaces', named('my first frame.png'), 4],
	['a file name with umlauts', named('Käfer über Öl.png'), 4],
	['a file name with emoji', named('🪁.png'), 4],
	['a file name with quotes', named('the "first" frame\'s.png'), 4],
	['a file name with semicolons', named('a; filename=b.png'), 4],
	['a file name with a percent sign', named('100 %22.png'), 4],
];

it.each(cases)('encodes %s like the form-data package', async (_name, sent, partCount) => {
	const parts = await partsOf(await requestOfNode(sent));
	expect(parts).toEqual(await partsOf(requestOfPackage(sent)));
	expect(parts).toHaveLength(partCount);
});

it('announces the length of the body', async () => {
	const { headers, body } = await requestOfNode({ prompt: 'Käfer 🪁', frames: [png, jpeg] });
	expect(headers['content-length']).toBe(String(body.length));
	expect(headers).not.toHaveProperty('transfer-encoding');
});

it('announces the boundary that the body uses', async () => {
	const { headers, body } = await requestOfNode({ prompt: 'p', image: png });
	const [, boundary] =
		/^multipart\/form-data; *boundary=(\S+)$/.exec(headers['content-type']!) ?? [];
	expect(boundary).toBeTruthy();
	expect(body.toString('latin1').split(`--${boundary}`)).toHaveLength(6);
});
