import { replies, type FaultRule } from '../sandbox/server';
import { setUpAgent } from './support/agent';
import { toolCalls } from './support/chatModel';

const { context, model, run, ask, toolResults } = setUpAgent();

const refused: FaultRule = { call: 'create', fault: replies.contentPolicy400 };

describe.each([3.1, 2.2])(
	"with 'On Error' set to Continue, in version %s of the agent",
	(agentVersion) => {
		it('reports to the model why the prompt was refused, and the workflow continues', async () => {
			const onError = 'continueRegularOutput';
			const answer = await ask('a kite', { faults: [refused], onError, agentVersion });
			expect(answer).toContain('There is no video');
			const [[told]] = toolResults().map((text) => JSON.parse(text));
			expect(told).toMatchObject({
				error: 'CometAPI refused the prompt or an image',
				message: expect.stringContaining('Change the prompt or the images. CometAPI says: '),
				details: { kind: 'moderated', retryable: false, mayHaveBeenCreated: false },
			});
		});

		it('reports to the model that its prompt is empty, and the workflow continues', async () => {
			model.script = (request) => toolCalls(request, 1, { Prompt: '' });
			await ask('a kite', { onError: 'continueRegularOutput', agentVersion });
			expect(toolResults()[0]).toContain("'Prompt' is empty");
			expect(context.sandbox.counts().creates).toBe(0);
		});
	},
);

it("ends the workflow with 'On Error' set to Stop Workflow", async () => {
	const { status, error } = await run('a kite', { faults: [refused], onError: 'stopWorkflow' });
	expect(status).toBe('error');
	expect(error?.message).toContain('CometAPI refused the prompt or an image');
});

it.each([
	[2.2, 1],
	[3.1, 2],
])(
	'for two identical calls at once, version %s of the agent gets %s video(s)',
	async (agentVersion, videos) => {
		model.script = (request) => {
			const call = toolCalls(request, 2, { Prompt: 'A kite' });
			return typeof call === 'string' ? call : { ...call, times: 2 };
		};
		await ask('a kite', { agentVersion });
		const results = toolResults();
		expect(results).toHaveLength(2);
		for (const result of results) expect(result).toContain('completed');
		expect(context.sandbox.counts()).toMatchObject({ creates: videos, created: videos });
	},
);
