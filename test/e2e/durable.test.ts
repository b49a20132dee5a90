import type { IBinaryData, INodeExecutionData, IWorkflowSettings } from 'n8n-workflow';

import type { CredentialRef, Execution } from '../../scripts/n8n/rest';
import { end, fromPrompts, workflowOf, type Step } from '../../scripts/n8n/workflow';
import { replies } from '../sandbox/server';
import { expectLink, expectOwnVideos, promptsOf } from './support/expectVideos';
import {
	deleteSubExecutions,
	pausing,
	startPaused,
	subExecutionsOf,
	untilEnded,
	type Paused,
} from './support/paused';
import { createVeoCredential, setUp } from './support/setUp';
import { until } from './support/until';

const startsWith = (word: string) => (prompt: string) => prompt.startsWith(word);
const isRejected = startsWith('rejected');
const isEndless = startsWith('endless');

const MANY = 60;
const MANY_JOB_MS = 60_000;

const context = setUp({
	// forbids sub-workflows, unless they set their own caller policy
	env: { N8N_WORKFLOW_CALLER_POLICY_DEFAULT_OPTION: 'none' },
	sandbox: {
		jobMs: (_, prompt) =>
			isEndless(prompt) ? Infinity : prompt.startsWith('many') ? MANY_JOB_MS : 5_000,
		outcome: (_, prompt) =>
			isRejected(prompt) ? { error: { code: 'moderation', message: 'Not allowed' } } : 'completed',
		faults: [{ call: 'retrieve', prompt: 'unreachable', times: 10, fault: replies.unavailable }],
	},
});

interface Case {
	prompts: string[];
	step?: Partial<Step>;
	options?: Record<string, string | number | boolean>;
	settings?: IWorkflowSettings;
	/** The steps after the list of prompts; default: this node, with a branch for failed items. */
	steps?: (credential: CredentialRef) => Step[];
	/** Called once the execution is paused. */
	meanwhile?: (paused: Started) => Promise<void>;
	/** The number of sub-executions that stay in n8n's list; default 2. */
	subExecutions?: number;
}

interface Started extends Paused {
	credential: CredentialRef;
}

const continues: Partial<Step> = { onError: 'continueRegularOutput' };

/** Stops the sub-execution that checks the videos, which the other one started. */
const stopCheck = async ({ workflow }: Started) => {
	const [{ id }] = await subExecutionsOf(context, workflow);
	await context.rest.call('POST', `/executions/${id}/stop`);
};

const deleteCredential = async ({ credential }: Started) =>
	await context.rest.call<void>('DELETE', `/credentials/${credential.id}`);

const setKey = async ({ id, name }: CredentialRef, apiKey: string) => {
	const data = { apiKey, baseUrl: context.sandbox.baseUrl };
	await context.rest.call('PATCH', `/credentials/${id}`, { name, type: 'cometApiVeoApi', data });
};

const revokeKey = async ({ credential }: Started) => await setKey(credential, 'sk-another-key');

/** These cases pause in parallel, because each waits for at least a minute. */
const CASES = {
	linked: {
		prompts: ['wave'],
		step: { parameters: { binaryPropertyOutput: 'film' } },
		options: { includeFileLink: true, fileName: 'sea' },
	},
	branched: {
		prompts: ['first', 'rejected in a branch', 'third'],
		step: { onError: 'continueErrorOutput' },
	},
	stopped: { prompts: ['finished', 'rejected at once'] },
	late: { prompts: ['endless'], options: { timeout: 0.5 } },
	returned: { prompts: ['endless too'], options: { timeout: 0.5, onTimeout: 'returnTask' } },
	many: {
		prompts: Array.from({ length: MANY }, (_, nth) => `many ${nth}`),
		options: { maxConcurrent: 20 },
	},
	unreachable: { prompts: ['unreachable'] },
	unsaved: {
		prompts: ['unsaved'],
		settings: {
			saveDataSuccessExecution: 'none',
			saveDataErrorExecution: 'none',
			saveExecutionProgress: true,
		},
	},
	retriedOnFail: { prompts: ['', 'after a failed one'], step: { ...continues, retryOnFail: true } },
	row: {
		prompts: ['row'],
		steps: (credential) => [
			pausing(credential),
			pausing(credential, { name: 'Second', parameters: { prompt: 'row, second' } }),
			end('Succeeded'),
		],
		subExecutions: 4,
	},
	loop: {
		prompts: ['round', 'round'],
		steps: (credential) => [
			{
				name: 'Loop',
				type: 'n8n-nodes-base.splitInBatches',
				typeVersion: 3,
				parameters: { batchSize: 1, options: {} },
				to: ['Succeeded', 'Veo'],
			},
			pausing(credential, { to: ['Loop'] }),
			end('Succeeded'),
		],
		subExecutions: 4,
	},
	checkStopped: { prompts: ['check stopped'], meanwhile: stopCheck },
	checkStoppedAndContinued: {
		prompts: ['check stopped, continued'],
		step: continues,
		meanwhile: stopCheck,
	},
	keyRevoked: { prompts: ['revoked a', 'revoked b'], meanwhile: revokeKey },
	keyRevokedAndContinued: {
		prompts: ['revoked c', 'revoked d'],
		step: continues,
		meanwhile: revokeKey,
	},
	credentialDeleted: { prompts: ['deleted'], meanwhile: deleteCredential },
	credentialDeletedAndContinued: {
		prompts: ['deleted, continued'],
		step: continues,
		meanwhile: deleteCredential,
	},
} satisfies Record<string, Case>;

type Name = keyof typeof CASES;
const names = Object.keys(CASES) as Name[];
const caseOf = (name: Name): Case => CASES[name];
const started = {} as Record<Name, Started>;
const ended = {} as Record<Name, Execution>;

const taskIdsOf = (name: Name) =>
	caseOf(name).prompts.flatMap((wanted) =>
		context.sandbox.tasks.filter(({ prompt }) => prompt === wanted).map(({ id }) => id),
	);

async function runCase(name: Name): Promise<void> {
	const { prompts, step, options, steps, settings, meanwhile } = caseOf(name);
	const credential = await createVeoCredential(context, name);
	const own = steps?.(credential) ?? [
		pausing(credential, { ...step, to: ['Succeeded', 'Failed'] }, options),
		end('Succeeded'),
		end('Failed'),
	];
	const paused = await startPaused(context, name, [...fromPrompts(...prompts), ...own], settings);
	started[name] = { ...paused, credential };
	await meanwhile?.(started[name]);
	ended[name] = (await untilEnded(context, paused)).execution;
}

const itemsOf = (name: Name, node = 'Succeeded'): INodeExecutionData[] => ended[name].itemsOf(node);

const PATH = 'paused-videos';
let response: { status: number; body: unknown };

/** Calls a webhook that waits for the last node. */
async function callWebhook(): Promise<void> {
	const { rest, n8n, credential } = context;
	const workflow = await rest.createWorkflow(
		workflowOf('Webhook', [
			{
				name: 'Webhook',
				type: 'n8n-nodes-base.webhook',
				typeVersion: 2,
				webhookId: '00000000-0000-4000-8000-00000000000b',
				parameters: {
					path: PATH,
					httpMethod: 'POST',
					responseMode: 'lastNode',
					responseData: 'allEntries',
				},
			},
			...fromPrompts('webhook a', 'webhook b'),
			pausing(credential),
		]),
	);
	await rest.activate(workflow);
	response = await until('the webhook', async () => {
		const given = await fetch(`${n8n.url}/webhook/${PATH}`, { method: 'POST' });
		return given.status === 404 ? undefined : { status: given.status, body: await given.json() };
	});
}

beforeAll(async () => {
	await Promise.all([...names.map(runCase), callWebhook()]);
}, 600_000);

const DELIVERED = ['many', 'unreachable', 'unsaved', 'row', 'loop'] as const;

describe('a paused execution', () => {
	it.each(DELIVERED)('delivers every video once, in input order: %s', async (name) => {
		expect(ended[name].status).toBe('success');
		const items = itemsOf(name);
		const { prompts } = caseOf(name);
		expect(items).toHaveLength(prompts.length);
		expect(context.sandbox.tasks.filter(({ prompt }) => prompts.includes(prompt))).toHaveLength(
			prompts.length,
		);
		expect(promptsOf(context, items)).toEqual(name === 'row' ? ['row, second'] : prompts);
		expect(JSON.stringify(items)).not.toContain('isWaiting');
		const { workflow } = started[name];
		const { length } = await subExecutionsOf(context, workflow);
		expect(length).toBe(caseOf(name).subExecutions ?? 2);
		await expectOwnVideos(context, items);
		await deleteSubExecutions(context, workflow);
		await expectOwnVideos(context, items);
	});

	it(`has the files of ${MANY} videos no later than 90 seconds after the last job`, () => {
		const tasks = context.sandbox.tasks.filter(({ prompt }) => prompt.startsWith('many'));
		const lastEndMs = Math.max(...tasks.map(({ createdAtMs, jobMs }) => createdAtMs + jobMs));
		expect(ended.many.stoppedAtMs - lastEndMs).toBeLessThan(90_000);
	});

	it("applies the options 'File Name' and 'Include File Link'", async () => {
		const [{ json, binary }] = itemsOf('linked');
		expect(binary).toMatchObject({ film: { fileName: 'sea.mp4', mimeType: 'video/mp4' } });
		await expectLink(context, json.file_url, json.id);
		await expectOwnVideos(context, itemsOf('linked'), (item) => item.binary?.film as IBinaryData);
	});

	it('sends a failed video to the Error branch and the others to the Success branch', async () => {
		expect(ended.branched.status).toBe('success');
		expect(itemsOf('branched')).toHaveLength(2);
		await expectOwnVideos(context, itemsOf('branched'));
		expect(itemsOf('branched', 'Failed').map(({ json }) => json)).toMatchObject([
			{
				error: 'Veo could not generate the video: Not allowed',
				message: expect.any(String),
				details: { code: 'moderation', status: 'failed' },
			},
		]);
	});

	it('pauses once when its first item fails and Retry On Fail is on', async () => {
		expect(itemsOf('retriedOnFail').map(({ json }) => json)).toMatchObject([
			{ error: "'Prompt' is empty" },
			{ id: taskIdsOf('retriedOnFail')[0] },
		]);
		expect(await subExecutionsOf(context, started.retriedOnFail.workflow)).toHaveLength(2);
	});

	it("returns the unfinished task at the timeout when 'On Timeout' says so", () => {
		expect(ended.returned.status).toBe('success');
		expect(itemsOf('returned')[0].json).toMatchObject({
			id: taskIdsOf('returned')[0],
			status: 'queued',
		});
	});

	it('responds to a webhook with the tasks', () => {
		expect(response.status).toBe(200);
		expect(response.body).toMatchObject([
			{ id: expect.any(String), status: 'queued' },
			{ id: expect.any(String), status: 'queued' },
		]);
		expect(JSON.stringify(response.body)).not.toContain('isWaiting');
	});
});

const FAILED = {
	stopped: 'Veo could not generate the video: Not allowed [item 1]',
	late: 'The video was not finished within 0.5 minutes [item 0]',
	checkStopped: 'The pause of the execution has ended: its sub-execution was stopped [item 0]',
	keyRevoked: 'CometAPI rejected the API key [item 0]',
	credentialDeleted: 'The pause of the execution has ended: the credential was deleted [item 0]',
};

describe('a paused execution that fails', () => {
	it.each(Object.entries(FAILED))('names all tasks: %s', (name, message) => {
		const { status: wasStatus, error } = ended[name as Name];
		expect({ status: wasStatus, message: error?.message }).toEqual({ status: 'error', message });
		for (const id of taskIdsOf(name as Name)) expect(error?.description).toContain(id);
	});

	it.each([
		['checkStoppedAndContinued', 'pauseEnded'],
		['keyRevokedAndContinued', 'unauthorized'],
		['credentialDeletedAndContinued', 'pauseEnded'],
	] as const)('returns an error with the task ID for each item: %s', (name, kind) => {
		expect(ended[name].status).toBe('success');
		const details = itemsOf(name).map(({ json }) => json.details);
		expect(details).toMatchObject(taskIdsOf(name).map((taskId) => ({ taskId })));
		expect(details[0]).toMatchObject({ kind });
	});

	it('ends the same after Retry, and pays for nothing', async () => {
		const taskCount = context.sandbox.tasks.length;
		const id = await context.rest.retry(started.late.id);
		const retried = await context.rest.execution(id);
		expect(retried.error?.message).toBe(ended.late.error?.message);
		expect(context.sandbox.tasks).toHaveLength(taskCount);
	});

	it('returns its videos by Retry of the failed sub-execution', async () => {
		const { credential, ...paused } = started.keyRevoked;
		await setKey(credential, context.sandbox.apiKey);
		const taskCount = context.sandbox.tasks.length;
		const failed = (await subExecutionsOf(context, paused.workflow)).find(
			({ status }) => status === 'error',
		);
		const id = await context.rest.retry(failed!.id);
		const { execution } = await untilEnded(context, { ...paused, id });
		const items = execution.itemsOf('All Finished?');
		expect(items.map(({ json }) => json.id)).toEqual(taskIdsOf('keyRevoked'));
		await expectOwnVideos(context, items);
		expect(context.sandbox.tasks).toHaveLength(taskCount);
	}, 420_000);
});
