import type { IExecuteFunctions } from 'n8n-workflow';

import { VideoError } from '../../nodes/Veo/errors';
import type { UserText } from '../../nodes/Veo/errors';
import { errorText } from '../../nodes/Veo/messages/errorTexts';

const NEEDED = ['n8n-nodes-base.executeWorkflowTrigger', 'n8n-nodes-base.if'];

const contextOf = ({
	type = 'x.veo',
	id = 'workflow' as string | undefined,
	known = NEEDED,
} = {}) =>
	({
		getKnownNodeTypes: () => Object.fromEntries(known.map((name) => [name, {}])),
		getNode: () => ({ type }),
		getWorkflow: () => ({ id }),
		getExecutionId: () => '1',
	}) as unknown as IExecuteFunctions;

/** With n8n-workflow as it is, or as older versions of n8n have it. */
async function load({ isOld = false } = {}) {
	let loaded!: typeof import('../../nodes/Veo/pause/start');
	await jest.isolateModulesAsync(async () => {
		jest.doMock('n8n-workflow', () => {
			const { WAIT_FOR_SUB_EXECUTION, ...rest } = jest.requireActual('n8n-workflow');
			return isOld ? rest : { ...rest, WAIT_FOR_SUB_EXECUTION };
		});
		loaded = await import('../../nodes/Veo/pause/start');
	});
	return loaded;
}

/** What a user reads of an error that another copy of the modules has thrown. */
function textOf({ kind, data }: VideoError): UserText {
	const context = { canRetry: true, isSubExecution: false, executionId: '1' };
	return errorText(new VideoError(kind, data), context);
}

it('an execution can be paused in n8n 2.41', async () => {
	const { requirePause } = await load();
	expect(() => requirePause(contextOf())).not.toThrow();
});

it.each([
	['an n8n that cannot resume it', { isOld: true }, {}, /n8n 2\.41 or later\. Update n8n, or set/],
	['a tool of an AI Agent', {}, { type: 'x.veoTool' }, /AI Agent/],
	['a workflow that is not saved', {}, { id: '' }, /not saved\. Save the workflow/],
	['an n8n without a node that it needs', {}, { known: [NEEDED[0]] }, /excludes.*NODES_EXCLUDE/],
])('an execution is not paused in %s', async (_name, version, context, expected) => {
	const { requirePause } = await load(version);
	let error: VideoError | undefined;
	try {
		requirePause(contextOf(context));
	} catch (caught) {
		error = caught as VideoError;
	}
	expect(error?.kind).toBe('cannotPause');
	const { message, description } = textOf(error!);
	expect(message).toMatch(/^'Pause Execution \(Survives Restarts\)' is not available: /);
	expect(`${message}. ${description}`).toMatch(expected);
	expect(description).toMatch(/set 'While Waiting' to 'Keep Execution Running'$/);
});
