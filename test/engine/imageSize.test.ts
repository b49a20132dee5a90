import { limits } from '../../nodes/Veo/limits';
import { binaryData } from '../support/n8n';
import { bePatient, images, setUp } from '../support/setUp';
import type { InputFile } from '../support/engine';

const { png } = images;
const limit = limits.maxImageBytes;
const TOO_LARGE = "The image in 'Input Data Field Name' is larger than 20 MB";

const padded = (bytes: number): InputFile => ({
	...png,
	bytes: Buffer.concat([png.bytes], bytes),
});

const one = { operation: 'create', imageInput: 'image' };

function keepInMemory() {
	jest.spyOn(binaryData, 'init').mockResolvedValue();
	jest.replaceProperty(binaryData as unknown as { mode: string }, 'mode', 'default');
}

describe.each([
	['on disk', () => undefined],
	['in memory', keepInMemory],
])('a stored image, %s', (_where, prepare) => {
	it('of 20 MB is sent', async () => {
		prepare();
		const { run, sandbox } = await setUp({ keepImages: false });
		bePatient();
		const { error } = await run({ items: [{ files: { data: padded(limit) } }], parameters: one });
		expect(error).toBeUndefined();
		expect(sandbox.counts().created).toBe(1);
	});

	it('of more than 20 MB is refused before anything is read or sent', async () => {
		prepare();
		const { run, sandbox } = await setUp();
		const read = jest.spyOn(binaryData, 'getAsStream');
		const { error } = await run({
			items: [{ files: { data: png } }, { files: { data: padded(limit + 1) } }],
			parameters: one,
		});
		expect(error?.message).toBe(`${TOO_LARGE} [item 1]`);
		expect(error?.description).toBe('Use a smaller image');
		expect(sandbox.requests).toEqual([]);
		// the check of the first image's type
		for (const [, chunkSize] of read.mock.calls) expect(chunkSize).toBe(64);
		expect(read.mock.calls.length).toBeLessThanOrEqual(1);
	});
});

it('a stored image is measured, even if its item states a smaller size', async () => {
	const { run, sandbox } = await setUp();
	const lie = '={{ ({ ...$binary.data, bytes: 5, fileSize: "5 B" }) }}';
	const { error } = await run({
		items: [{ files: { data: padded(limit + 1) } }],
		parameters: { ...one, imageField: lie },
	});
	expect(error?.message).toBe(`${TOO_LARGE} [item 0]`);
	expect(sandbox.requests).toEqual([]);
});

it('a stored image of unknown size is read up to 20 MB and no further', async () => {
	jest.spyOn(binaryData, 'getMetadata').mockRejectedValue(new Error('No metadata'));
	const { run, sandbox } = await setUp();
	const { error } = await run({
		items: [{ files: { data: padded(3 * limit) } }],
		parameters: one,
	});
	expect(error?.message).toBe(`${TOO_LARGE} [item 0]`);
	expect(sandbox.counts().creates).toBe(0);
});
