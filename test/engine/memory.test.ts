import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import type { InputItem } from '../support/engine';
import { binaryData } from '../support/n8n';
import { bePatient, images, setUp } from '../support/setUp';

const MB = 1024 * 1024;
const ITEMS = 12;
const IMAGE_BYTES = 4 * MB;
const MAX_CONCURRENT = 3;

/** A PNG with megabytes of padding after its end. */
const heavy: InputItem = {
	files: {
		data: { ...images.png, bytes: Buffer.concat([images.png.bytes], IMAGE_BYTES) },
	},
};

const parameters = { imageInput: 'image', options: { maxConcurrent: MAX_CONCURRENT } };

it('reads an image only when its item is processed', async () => {
	const { run, sandbox } = await setUp({ keepImages: false });
	bePatient();
	const ahead: number[] = [];
	let reads = 0;
	const getAsStream = binaryData.getAsStream.bind(binaryData);
	jest.spyOn(binaryData, 'getAsStream').mockImplementation(async (id, chunkSize) => {
		// the check of the first bytes requests small chunks
		if (!chunkSize) ahead.push(++reads - sandbox.counts().created);
		return await getAsStream(id, chunkSize);
	});
	await run({ items: Array<InputItem>(ITEMS).fill(heavy), parameters });
	expect(reads).toBe(ITEMS);
	expect(Math.max(...ahead)).toBe(MAX_CONCURRENT);
});

it('releases the images once they are sent', async () => {
	setFlagsFromString('--expose-gc');
	const collectGarbage = runInNewContext('gc') as () => void;
	const { start, clock, sandbox } = await setUp({ keepImages: false });
	bePatient();
	const heldBytes = async () => {
		collectGarbage();
		await new Promise((resolve) => setImmediate(resolve));
		collectGarbage();
		return process.memoryUsage().arrayBuffers;
	};
	const before = await heldBytes();
	const { finished } = await start({
		items: Array<InputItem>(ITEMS).fill(heavy),
		parameters: { ...parameters, options: { maxConcurrent: ITEMS } },
	});
	await clock.stopWhen(() => sandbox.counts().retrieves >= ITEMS && sandbox.active === 0);
	expect((await heldBytes()) - before).toBeLessThan((ITEMS * IMAGE_BYTES) / 3);
	clock.goOn();
	expect((await finished).items).toHaveLength(ITEMS);
});
