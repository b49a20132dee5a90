import type { INodeParameters, IWorkflowSettings } from 'n8n-workflow';

import { end, fromPrompts, itemsFrom, workflowOf, type Step } from '../../scripts/n8n/workflow';
import { isFile } from '../sandbox/multipart';
import { expectOwnVideos, promptsOf, sha256 } from './support/expectVideos';
import { fixture } from './support/fixture';
import {
	pausing,
	startPaused,
	subExecutionsOf,
	untilEnded,
	type Ended,
	type Paused,
} from './support/paused';
import { runSteps } from './support/runSteps';
import { setUp } from './support/setUp';
import { MINUTES, until } from './support/until';

const context = setUp({ sandbox: { jobMs: 1_000 } });
/** An n8n without a node that a pause needs. */
const without = setUp({ env: { NODES_EXCLUDE: '["n8n-nodes-base.if"]' } });

const durable = (given?: Partial<Step>, options?: INodeParameters) =>
	pausing(context.credential, given, options);

async function run(
	name: string,
	steps: Step[],
	settings?: IWorkflowSettings,
	meanwhile?: (paused: Paused) => Promise<void>,
): Promise<Ended> {
	const paused = await startPaused(context, name, steps, settings);
	await meanwhile?.(paused);
	return await untilEnded(context, paused);
}

const runCopies = async () =>
	await run('Copies', [
		...fromPrompts('kite', 'boat'),
		durable({}, { numberOfVideos: 2, maxCost: 5 }),
	]);

const runBranches = async () =>
	await run('Branches', [
		...fromPrompts('branch').map((step) =>
			step.name === 'Items' ? { ...step, to: [['First', 'Second']] } : step,
		),
		durable({ name: 'First', parameters: { prompt: 'first branch' }, to: ['First End'] }),
		durable({ name: 'Second', parameters: { prompt: 'second branch' }, to: ['Second End'] }),
		end('First End'),
		end('Second End'),
	]);

async function runSubWorkflow(): Promise<Ended> {
	const called = await context.rest.createWorkflow(
		workflowOf('Called', [
			{
				name: 'Start',
				type: 'n8n-nodes-base.executeWorkflowTrigger',
				typeVersion: 1.1,
				parameters: { inputSource: 'passthrough' },
			},
			durable(),
		]),
	);
	await context.rest.activate(called);
	return await run('Caller', [
		...fromPrompts('called, first', 'called, second'),
		{
			name: 'Call',
			type: 'n8n-nodes-base.executeWorkflow',
			typeVersion: 1.2,
			parameters: { workflowId: { __rl: true, mode: 'id', value: called.id }, mode: 'once' },
		},
	]);
}

const IMAGES = ['first-frame.png', 'product.webp'];

const runImages = async () =>
	await run('Images', [
		...itemsFrom(IMAGES.map((name) => ({ image: fixture(name).toString('base64') }))),
		{
			name: 'Files',
			type: 'n8n-nodes-base.convertToFile',
			typeVersion: 1.1,
			parameters: { operation: 'toBinary', sourceProperty: 'image' },
		},
		durable({ parameters: { prompt: 'images', imageInput: 'items' } }),
	]);

const runLimited = async () =>
	await run('Limited', [...fromPrompts('limited'), durable()], { executionTimeout: 30 });

const runStopped = async () =>
	await run(
		'Stopped',
		[...fromPrompts('stopped'), durable()],
		undefined,
		async ({ workflow, id }) => {
			await context.rest.call('POST', `/executions/${id}/stop`);
			const isChecked = async () => {
				const [check] = await subExecutionsOf(context, workflow);
				return check.status === 'success';
			};
			await until('the check of a stopped execution', isChecked, MINUTES);
		},
	);

const RUNS = {
	copies: runCopies,
	branches: runBranches,
	subWorkflow: runSubWorkflow,
	images: runImages,
	limited: runLimited,
	stopped: runStopped,
};

const ended = {} as Record<keyof typeof RUNS, Ended>;

beforeAll(async () => {
	await Promise.all(
		Object.entries(RUNS).map(async ([name, runIt]) => {
			ended[name as keyof typeof RUNS] = await runIt();
		}),
	);
}, 600_000);

const tasksOf = (prompt: string) => context.sandbox.tasks.filter((task) => task.prompt === prompt);

async function expectVideos(name: keyof typeof RUNS, node: string, expected: string[]) {
	const { error } = ended[name].execution;
	expect(error).toBeUndefined();
	const items = ended[name].execution.itemsOf(node);
	expect(promptsOf(context, items)).toEqual(expected);
	expect(new Set(items.map(({ json }) => json.id)).size).toBe(expected.length);
	await expectOwnVideos(context, items);
	return items;
}

describe('an execution that pauses', () => {
	it('returns several videos of one item in input order, with what was asked for', async () => {
		const items = await expectVideos('copies', 'Veo', ['kite', 'kite', 'boat', 'boat']);
		const asked = { requested_model: 'veo3-fast', estimated_cost_usd: 0.32 };
		expect(items.map(({ json }) => json)).toMatchObject(
			['kite', 'kite', 'boat', 'boat'].map((prompt) => ({ prompt, ...asked })),
		);
	});

	it('pauses for each of two branches', async () => {
		await expectVideos('branches', 'First End', ['first branch']);
		await expectVideos('branches', 'Second End', ['second branch']);
		expect([...tasksOf('first branch'), ...tasksOf('second branch')]).toHaveLength(2);
	});

	it('returns its videos to the workflow that called it', async () => {
		await expectVideos('subWorkflow', 'Call', ['called, first', 'called, second']);
	});

	it('sends the images of all items before it pauses', async () => {
		await expectVideos('images', 'Veo', ['images']);
		const [{ parts }] = tasksOf('images');
		expect(parts.filter(isFile).map((file) => file.sha256)).toEqual(
			IMAGES.map((name) => sha256(fixture(name))),
		);
	});

	it("leaves its videos in 'Wait for videos' if n8n's own 'Timeout' ends it", async () => {
		const { workflow, execution } = ended.limited;
		expect(execution.status).toBe('canceled');
		const [, { id }] = await subExecutionsOf(context, workflow);
		const items = (await context.rest.execution(id)).itemsOf('All Finished?');
		expect(promptsOf(context, items)).toEqual(['limited']);
		await expectOwnVideos(context, items);
	});

	it('stays stopped once its video is finished', () => {
		expect(ended.stopped.execution.status).toBe('canceled');
		expect(tasksOf('stopped')).toHaveLength(1);
	});
});

it('a pause is refused before anything is paid for if n8n lacks a required node', async () => {
	const steps = [...fromPrompts('none'), pausing(without.credential)];
	const { execution } = await runSteps(without, 'Excluded', steps);
	expect(execution.status).toBe('error');
	expect(execution.error?.description).toContain('NODES_EXCLUDE');
	expect(without.sandbox.tasks).toEqual([]);
});
