import type { IDataObject } from 'n8n-workflow';

import type { PausedState } from '../../nodes/Veo/pause/state';
import { fileOf } from '../support/engine';
import { recordSubExecutions } from '../support/paused';
import { prompts, setUp } from '../support/setUp';

const named = (fileName: string, numberOfVideos: number | string) => ({
	options: { fileName, numberOfVideos, maxConcurrent: 1 },
});

it('the videos of an item have different names, in order', async () => {
	const { run } = await setUp({ jobMs: 0 });
	const { items } = await run({ parameters: named('kite.mp4', 3) });
	const names = items.map(({ binary }) => binary!.data.fileName);
	expect(names).toEqual(['kite.mp4', 'kite-2.mp4', 'kite-3.mp4']);
	expect(
		new Set(await Promise.all(items.map(async (item) => String(await fileOf(item))))).size,
	).toBe(3);
});

it('names are numbered per item and stay the same in a retry', async () => {
	const { run, sandbox } = await setUp({
		jobMs: 0,
		faults: [{ call: 'create', task: 2, times: 1, fault: { kind: 'reply', status: 400 } }],
	});
	const failed = await run({
		items: prompts('red', 'blue'),
		parameters: named('={{ $json.prompt }}', '={{ $json.prompt === "red" ? 2 : 1 }}'),
	});
	expect(failed.error).toBeDefined();
	const { items } = await failed.retry();
	expect(items.map(({ binary }) => binary!.data.fileName)).toEqual([
		...['red.mp4', 'red-2.mp4', 'blue.mp4'],
	]);
	expect(sandbox.tasks).toHaveLength(3);
});

it('the same name for two items is left unchanged', async () => {
	const { run } = await setUp({ jobMs: 0 });
	const { items } = await run({ items: prompts('a', 'b'), parameters: named('kite', 1) });
	expect(items.map(({ binary }) => binary!.data.fileName)).toEqual(['kite.mp4', 'kite.mp4']);
});

it('a paused execution delivers the videos under different names (n8n ≥ 2.41)', async () => {
	const setup = await setUp({ jobMs: 0 });
	const { run } = setup;
	const { started, executeWorkflow } = recordSubExecutions(setup);
	const { options } = named('kite.mp4', 3);
	await run({ parameters: { options: { ...options, waitMode: 'durable' } }, executeWorkflow });
	const paused = started[0].items.map(({ json }) => json as unknown as PausedState);
	expect(paused.map(({ video }) => video!.output.fileName)).toEqual([
		...['kite.mp4', 'kite-2.mp4', 'kite-3.mp4'],
	]);

	const { items } = await run({
		items: paused.map((json) => ({ json: json as unknown as IDataObject })),
		parameters: {
			...{ operation: 'retrieve', internalRole: 'download' },
			internalData: JSON.stringify({ version: paused[0].version, maxConcurrent: 1 }),
		},
	});
	const names = items.map(({ binary }) => binary!.data.fileName);
	expect(names).toEqual(['kite.mp4', 'kite-2.mp4', 'kite-3.mp4']);
});
