import type { IExecuteFunctions } from 'n8n-workflow';

import { VideoError } from '../../nodes/Veo/errors';
import { errorText } from '../../nodes/Veo/messages/errorTexts';
import { requirePause } from '../../nodes/Veo/pause/start';
import { inNode } from '../support/inNode';
import { recordSubExecutions } from '../support/paused';
import { setUp } from '../support/setUp';

/** The message that the user reads if the node may not pause the execution in the changed context. */
async function refusal(changed: Partial<IExecuteFunctions>): Promise<string | undefined> {
	try {
		await inNode(async (context) => await requirePause(Object.assign(context, changed)));
		return undefined;
	} catch (error) {
		expect((error as VideoError).kind).toBe('cannotPause');
		const text = errorText(error as VideoError, {
			canRetry: true,
			isSubExecution: false,
			executionId: '1',
		});
		return `${text.message}. ${text.description}`;
	}
}

it('an execution can be paused (n8n ≥ 2.41)', async () => {
	expect(await refusal({})).toBeUndefined();
});

it.each<[string, Partial<IExecuteFunctions>, RegExp]>([
	[
		'a tool of an AI Agent',
		{ getNode: () => ({ type: 'x.veoTool' }) as ReturnType<IExecuteFunctions['getNode']> },
		/AI Agent/,
	],
	[
		'a workflow that is not saved',
		{ getWorkflow: () => ({ active: false }) },
		/not saved\. Save the workflow/,
	],
	[
		'an n8n without a node that it needs',
		{ getKnownNodeTypes: () => ({ 'n8n-nodes-base.if': {} }) as never },
		/excludes.*NODES_EXCLUDE/,
	],
])('an execution is not paused in %s (n8n ≥ 2.41)', async (_name, changed, expected) => {
	const text = await refusal(changed);
	expect(text).toMatch(/^'Pause Execution \(Survives Restarts\)' is not available: /);
	expect(text).toMatch(expected);
	expect(text).toMatch(/set 'While Waiting' to 'Keep Execution Running'$/);
});

it('an execution is paused if n8n can resume it, and otherwise refused before anything is sent', async () => {
	const setup = await setUp();
	const { sandbox } = setup;
	const { executeWorkflow } = recordSubExecutions(setup);
	const parameters = { options: { waitMode: 'durable' } };
	const { stored, error } = await setup.run({ parameters, executeWorkflow });
	const isPaused = stored.includes('waitingChildExecutionIds');
	expect(sandbox.counts().creates).toBe(isPaused ? 1 : 0);
	if (isPaused) expect(error).toBeUndefined();
	else expect(error?.message).toContain('n8n 2.41 or later');
});
