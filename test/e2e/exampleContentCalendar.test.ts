import type { IDataObject } from 'n8n-workflow';

import type { Workflow } from '../../scripts/n8n/rest';
import { itemsFrom, manualTrigger, TRIGGER, workflowOf } from '../../scripts/n8n/workflow';
import type { Step } from '../../scripts/n8n/workflow';
import { replies } from '../sandbox/server';
import { sha256 } from './support/expectVideos';
import { restart } from './support/setUp';
import { setUpExamples } from './support/setUpExamples';
import { until } from './support/until';

const context = setUpExamples({
	jobMs: (_, prompt) => (prompt === 'slow' ? Infinity : 100),
	outcome: (_, prompt) =>
		prompt === 'moderated' ? { error: { code: 'moderation', message: 'Refused' } } : 'completed',
});

const dataTable = (name: string, parameters: object): Step => ({
	name,
	type: 'n8n-nodes-base.dataTable',
	typeVersion: 1.1,
	parameters: {
		resource: 'row',
		dataTableId: { __rl: true, mode: 'name', value: 'Content Calendar' },
		...parameters,
	},
});

/** Runs a workflow that only one test needs. @returns the items of its last step */
async function runSteps(...steps: Step[]): Promise<IDataObject[]> {
	const { rest, run } = context;
	const workflow = await rest.createWorkflow(workflowOf('Helper', [manualTrigger, ...steps]));
	return (await run(workflow, TRIGGER)).itemsOf(steps.at(-1)!.name).map(({ json }) => json);
}

const YESTERDAY = new Date(Date.now() - 86_400_000).toISOString();
const TOMORROW = new Date(Date.now() + 86_400_000).toISOString();

/** Replaces all rows of the table. */
async function plan(...rows: Array<{ prompt: string; due?: string; status?: string }>) {
	const filters = { conditions: [{ keyName: 'id', condition: 'gt', keyValue: '0' }] };
	await runSteps(dataTable('Clear', { operation: 'deleteRows', filters }));
	const complete = rows.map((row) => ({ due: YESTERDAY, status: 'planned', ...row }));
	const columns = { mappingMode: 'autoMapInputData', value: null };
	await runSteps(...itemsFrom(complete), dataTable('Insert', { operation: 'insert', columns }));
}

/** The rows by prompt. */
async function table(): Promise<Record<string, IDataObject>> {
	const rows = await runSteps(dataTable('Get', { operation: 'get', returnAll: true }));
	return Object.fromEntries(rows.map((row) => [String(row.prompt), row]));
}

async function killAndRestart(): Promise<void> {
	context.n8n.signal('SIGKILL');
	await restart(context);
}

const CREATE = 'Every Morning';
const COLLECT = 'Every Five Minutes';

let workflow: Workflow;

beforeAll(async () => {
	const conditions = [
		{ keyName: 'status', condition: 'eq', keyValue: 'creating' },
		{
			keyName: 'updatedAt',
			condition: 'lt',
			keyValue: '={{ $now.minus({ seconds: 1 }).toISO() }}',
		},
	];
	workflow = await context.prepare('content-calendar', {
		'Mark Interrupted': { filters: { conditions } },
	});
	await context.run(workflow, CREATE);
});

const create = async () => await context.run(workflow, CREATE);
const collect = async () => await context.run(workflow, COLLECT);

const prompts = () => context.sandbox.tasks.map(({ prompt }) => prompt);
const uploaded = () => context.service.received.filter(({ method }) => method === 'PUT');
const idOf = (wanted: string) => context.sandbox.tasks.find(({ prompt }) => prompt === wanted)!.id;

/** The row of an uploaded video. */
const done = (prompt: string) => ({
	status: 'done',
	task_id: idOf(prompt),
	file: `${context.service.url}/videos/${idOf(prompt)}.mp4`,
});

describe('the example content-calendar', () => {
	it('creates an empty table in its first run, and keeps its rows in later runs', async () => {
		expect(await table()).toEqual({});
		await create();
		expect(await table()).toEqual({});
		expect(context.sandbox.requests).toEqual([]);
	});

	it('creates the videos that are due, saves their IDs, and uploads them when they are finished', async () => {
		await plan({ prompt: 'a' }, { prompt: 'b' }, { prompt: 'later', due: TOMORROW });
		await create();
		expect(prompts()).toEqual(['a', 'b']);
		expect(await table()).toMatchObject({
			a: { status: 'created', task_id: idOf('a') },
			b: { status: 'created', task_id: idOf('b') },
			later: { status: 'planned', task_id: null },
		});
		await collect();
		const rows = await table();
		expect(rows).toMatchObject({ a: done('a'), b: done('b'), later: { status: 'planned' } });
		expect(uploaded().map(({ path, body }) => [path, sha256(body)])).toEqual(
			['a', 'b'].map((name) => [`/videos/${idOf(name)}.mp4`, context.sandbox.sha256(idOf(name))]),
		);
		await create();
		await collect();
		expect(context.sandbox.counts().creates).toBe(2);
		expect(uploaded()).toHaveLength(2);
	});

	it('leaves an unfinished video for the next run', async () => {
		await plan({ prompt: 'slow' });
		await create();
		await collect();
		expect(await table()).toMatchObject({ slow: { status: 'created' } });
	});

	it('reports why a row failed, and creates its video again only when a person plans it again', async () => {
		context.sandbox.faults.push(
			{ call: 'create', prompt: 'rejected', fault: replies.badRequest },
			{ call: 'create', prompt: 'unclear', fault: { kind: 'reply', status: 502 } },
		);
		const names = ['rejected', 'unclear', 'moderated', 'fine'];
		await plan(...names.map((prompt) => ({ prompt })));
		await create();
		await collect();
		await create();
		expect(await table()).toMatchObject({
			rejected: {
				status: 'failed',
				error: expect.stringMatching(/^CometAPI rejected the request/),
			},
			unclear: { status: 'check', error: expect.stringMatching(/may have been created/) },
			moderated: { status: 'failed', error: 'Refused' },
			fine: done('fine'),
		});
		expect(context.sandbox.counts().creates).toBe(4);
	});

	it('uploads a video later when the storage does not accept it', async () => {
		await plan({ prompt: 'kept' });
		await create();
		const broken = await context.prepare('content-calendar', {
			Upload: { url: 'http://127.0.0.1:9' },
		});
		await context.run(broken, COLLECT);
		expect(await table()).toMatchObject({ kept: { status: 'created' } });
		await collect();
		expect(await table()).toMatchObject({ kept: done('kept') });
		expect(context.sandbox.counts().creates).toBe(1);
	});

	it('pays for no row twice and loses none when n8n is killed', async () => {
		await plan({ prompt: 'first' }, { prompt: 'second' }, { prompt: 'third' });
		context.sandbox.faults.push({
			call: 'create',
			prompt: 'second',
			fault: { kind: 'hang', created: true },
		});
		await context.rest.run(workflow, CREATE);
		await until('the second video', () => prompts().includes('second'));
		await killAndRestart();
		expect(await table()).toMatchObject({
			first: { status: 'created', task_id: idOf('first') },
			second: { status: 'creating' },
			third: { status: 'planned' },
		});
		await create();
		expect(prompts()).toEqual(['first', 'second', 'third']);

		// the second kill comes during a download
		context.sandbox.faults = [{ call: 'file', prompt: 'third', fault: { kind: 'stalled' } }];
		await context.rest.run(workflow, COLLECT);
		await until('the download', () =>
			context.sandbox.requests.some(
				({ call, taskId }) => call === 'file' && taskId === idOf('third'),
			),
		);
		await killAndRestart();
		context.sandbox.faults = [];
		await collect();
		expect(await table()).toMatchObject({
			first: done('first'),
			second: { status: 'check', error: expect.stringMatching(/n8n was stopped/) },
			third: done('third'),
		});
		await create();
		expect(context.sandbox.counts().creates).toBe(3);
	}, 400_000);
});
