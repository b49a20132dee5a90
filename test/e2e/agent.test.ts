import { replies, type FaultRule } from '../sandbox/server';
import { setUpAgent } from './support/agent';
import { callAgain, toolCalls } from './support/chatModel';
import { expectLink, sha256 } from './support/expectVideos';
import { fixture } from './support/fixture';
import { serve } from './support/serve';

const { context, model, run, ask, toolResults } = setUpAgent();

const findLink = (answer: string) => /https?:\S+/.exec(answer)?.[0] ?? '';

describe('an AI Agent with the node as a tool', () => {
	// n8n 2.20.12 from npm loses the parameters of every tool, including n8n's HTTP Request tool
	it('gets the tool with the prompt as its only parameter (not n8n 2.20)', async () => {
		await ask('a paper kite');
		const [{ tools = [] }] = model.chat.requests;
		expect(tools.map((tool) => tool.function)).toEqual([
			expect.objectContaining({
				name: 'Create_a_Video',
				parameters: expect.objectContaining({
					properties: {
						Prompt: { type: 'string', description: 'What to generate' },
					},
					required: ['Prompt'],
				}),
			}),
		]);
	});

	it('gets tools whose automatic descriptions distinguish their operations', async () => {
		model.script = () => 'No video';
		await ask('a paper kite', { moreTools: ['create', 'retrieve'] });
		const [{ tools = [] }] = model.chat.requests;
		expect(tools.map((tool) => tool.function.description).sort()).toEqual([
			'Create video and wait in CometAPI Veo',
			'Create video in CometAPI Veo',
			'Retrieve video in CometAPI Veo',
		]);
	});

	it('creates a video from the prompt it wrote and responds with a link to it', async () => {
		const answer = await ask('a paper kite');
		expect(context.sandbox.tasks.map(({ prompt }) => prompt)).toEqual(['A video of a paper kite']);
		expect(context.sandbox.counts()).toMatchObject({ creates: 1, created: 1 });
		const [{ id }] = context.sandbox.tasks;
		await expectLink(context, findLink(answer), id);
	});

	it('creates a video from the image at the URL that the model gives (not n8n 2.20)', async () => {
		const image = fixture('first-frame.png');
		const host = await serve((_, res) => res.end(image));
		try {
			model.script = (request) => toolCalls(request, 1, { Prompt: 'A kite', Image_URL: host.url });
			await ask('a paper kite', {
				parameters: {
					...{ imageInput: 'image', imageSource: 'url' },
					imageUrl: "={{ $fromAI('Image_URL', 'Public URL of the image', 'string') }}",
				},
			});
			const [{ tools = [] }] = model.chat.requests;
			expect(tools[0].function.parameters).toMatchObject({ required: ['Prompt', 'Image_URL'] });
			const [{ parts }] = context.sandbox.tasks;
			expect(parts.find(({ name }) => name === 'input_reference')).toMatchObject({
				sha256: sha256(image),
			});
		} finally {
			await host.close();
		}
	});

	it("responds with a link to the stored file when 'Include File Link' is on (files on disk)", async () => {
		const answer = await ask('a paper kite', { options: { includeFileLink: true } });
		expect(findLink(answer)).toContain('/rest/binary-data/signed?');
		const [{ id }] = context.sandbox.tasks;
		await expectLink(context, findLink(answer), id);
	});
});

const refused: FaultRule = { call: 'create', fault: replies.contentPolicy400 };

describe('a tool call that fails', () => {
	it("reports to the model what happened and what to do, in CometAPI's words (n8n ≥ 2.41)", async () => {
		const answer = await ask('a paper kite', { faults: [refused] });
		expect(answer).toContain('There is no video');
		const [told] = toolResults();
		expect(told).toContain('CometAPI refused the prompt or an image');
		expect(told).toContain('Change the prompt');
		expect(told).toMatch(/CometAPI says: .*request id: sandbox/);
		expect(context.sandbox.counts().creates).toBe(1);
	});

	it('stops the execution with a message about what happened and what to do (n8n < 2.41)', async () => {
		const { error } = await run('a paper kite', { faults: [refused] });
		expect(error?.message).toContain('CometAPI refused the prompt or an image');
		expect(error?.message).toMatch(/Change the prompt.*CometAPI says: /);
		expect(context.sandbox.counts().creates).toBe(1);
	});

	it('resumes the unfinished video when the model calls again (n8n ≥ 2.41)', async () => {
		model.script = callAgain(2);
		const answer = await ask('a slow kite', { options: { timeout: 0 } });
		const [{ id }] = context.sandbox.tasks;
		expect(toolResults()[0]).toContain(id);
		expect(toolResults()[0]).toContain('Call the tool again with the same input');
		expect(answer).toContain(id);
		expect(context.sandbox.counts()).toMatchObject({ creates: 1, created: 1 });
	});

	it('does not send a request again after a lost response (n8n ≥ 2.41)', async () => {
		model.script = callAgain(3);
		const fault = { ...replies.serverError, created: true };
		await ask('a lost kite', { faults: [{ call: 'create', fault }] });
		expect(toolResults()[0]).toContain('may have been created and charged');
		expect(toolResults()[1]).toContain('Not resent');
		expect(context.sandbox.counts().creates).toBe(1);
	});

	it('creates another video when the model repeats its request after the first one is finished', async () => {
		model.script = callAgain(2);
		await ask('two kites');
		expect(context.sandbox.counts()).toMatchObject({ creates: 2, created: 2 });
	});
});
