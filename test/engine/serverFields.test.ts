import { fileOf } from '../support/engine';
import { reply, startGateway, VIDEO } from '../support/gateway';
import type { Gateway } from '../support/gateway';
import { recordSubExecutions } from '../support/paused';
import { setUp } from '../support/setUp';

/** Names that the node or n8n uses for an item's state, and names of an object's own methods. */
const FIELDS = `{
	"paused": {"isWaiting": true}, "isWaiting": true, "version": 99, "itemIndexes": [7], "output": {"id": "x"},
	"video": {"taskId": "task_2", "deadline": 0}, "checkAt": 9e15, "hint": "withoutLink", "keptIn": "1",
	"failure": {"kind": "unauthorized", "data": {"taskId": "task_2"}}, "asked": {"prompt": "b", "model": "c", "estimatedCostUsd": -1},
	"json": {"id": "task_2"}, "binary": {"data": {"id": "filesystem:x"}}, "pairedItem": {"item": 7},
	"error": {"message": "No"}, "$error": {"message": "No"}, "$json": {"id": "x"}, "$binary": {},
	"message": "No", "details": {"kind": "unauthorized"}, "taskId": "task_2", "waitTill": "2026-01-01",
	"__proto__": {"isWaiting": true, "status": "failed"}, "constructor": "x", "prototype": {"id": "x"},
	"toString": "x", "valueOf": 1, "hasOwnProperty": false, "toJSON": "x", "then": "x", "length": 9,
	"completed_at": {"toString": "x"}, "expires_at": {"valueOf": "x"}, "progress": {"toString": "x"},
	"ref": {"constructor": {"name": "x"}}
}`;

const fields = () => JSON.parse(FIELDS) as Record<string, unknown>;

let gateway: Gateway;
beforeEach(async () => {
	gateway = await startGateway();
	const task = { ...fields(), id: 'task_1', status: 'completed' };
	gateway.task = task;
	gateway.paths['/gw/v1/videos'] = reply(200, { ...task, status: 'queued' });
});
afterEach(async () => await gateway.close());

const run = async (options: object = {}, settings: object = {}) => {
	const stage = await setUp();
	const credential = { apiKey: 'sk-test-key', baseUrl: `${gateway.url}/gw` };
	const { started, executeWorkflow } = recordSubExecutions({ ...stage, credential });
	const finished = await stage.run({
		credential,
		parameters: { options: options as never },
		settings,
		executeWorkflow,
	});
	return { ...stage, ...finished, started };
};

describe('fields from a server', () => {
	it.each(['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const)(
		'do not affect a run that waits: %s',
		async (onError) => {
			const { status, items, errors, error, started } = await run({}, { onError });
			expect(error).toBeUndefined();
			expect({ status, errors, started }).toEqual({ status: 'success', errors: [], started: [] });
			expect(items).toHaveLength(1);
			const [{ json, pairedItem }] = items;
			expect(json).toMatchObject({ id: 'task_1', status: 'completed', message: 'No', length: 9 });
			for (const key of ['error', '$error', '$json', '$binary']) {
				expect(Object.keys(json)).not.toContain(key);
			}
			expect(pairedItem).toEqual({ item: 0 });
			expect(await fileOf(items[0])).toEqual(VIDEO);
			expect(Object.getPrototypeOf({})).not.toHaveProperty('isWaiting');
		},
	);

	it('stay inside the task of a paused execution (n8n ≥ 2.41)', async () => {
		const { status, started } = await run({ waitMode: 'durable' });
		expect(status).toBe('waiting');
		expect(started).toHaveLength(1);
		expect(started[0].items).toHaveLength(1);
		expect(started[0].items[0].json).toMatchObject({
			version: 1,
			itemIndexes: [0],
			isWaiting: true,
			video: { taskId: 'task_1' },
			output: { id: 'task_1', version: 99 },
		});
		expect(started[0].items[0].json).not.toHaveProperty('failure');
		expect(started[0].items[0].json).not.toHaveProperty('checkAt');
	});

	it('in the input items do not make a run wait', async () => {
		const { run: runNode } = await setUp();
		const { status, items } = await runNode({ items: [{ json: fields() as never }] });
		expect(status).toBe('success');
		expect(items).toMatchObject([{ json: { status: 'completed' }, pairedItem: { item: 0 } }]);
	});

	it('in an error do not affect its report', async () => {
		gateway.paths['/gw/v1/videos'] = reply(400, {
			error: { ...fields(), message: 'No', code: 'x' },
		});
		const { items } = await run({}, { onError: 'continueRegularOutput' });
		expect(items).toMatchObject([
			{
				json: {
					error: 'CometAPI rejected the request',
					details: { kind: 'rejected', code: 'x', mayHaveBeenCreated: false },
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(Object.keys(items[0].json)).toEqual(['error', 'message', 'details']);
	});
});
