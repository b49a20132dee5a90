import { setImmediate } from 'node:timers/promises';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

import { replies } from '../sandbox/server';
import { expectLink, sha256 } from './support/expectVideos';
import { fixture } from './support/fixture';
import { MCP_TOKEN, setUpExamples } from './support/setUpExamples';
import { until } from './support/until';

const CREATE = 'Create_a_video';
const GET = 'Get_a_video';
const context = setUpExamples({ jobMs: 3_000 });

let client: Client;

const connect = async (token: string, path = 'veo-video-tools') => {
	const url = new URL(`/mcp/${path}`, context.n8n.url);
	// the workflow was published a moment ago
	await until('the MCP server', async () => (await fetch(url, { method: 'POST' })).status !== 404);
	const connected = new Client({ name: 'test', version: '1.0.0' });
	const requestInit = { headers: { authorization: `Bearer ${token}` } };
	await connected.connect(new StreamableHTTPClientTransport(url, { requestInit }));
	return connected;
};

beforeAll(async () => {
	await context.rest.activate(await context.prepare('mcp-video-tools'));
	client = await connect(MCP_TOKEN);
});
afterAll(async () => await client?.close());

interface Answer {
	isError: boolean;
	text: string;
}

/** @returns the result, as the client's model reads it */
async function call(
	name: string,
	args: Record<string, string>,
	from = client,
	signal?: AbortSignal,
): Promise<Answer> {
	const result = await from.callTool({ name, arguments: args }, undefined, { signal });
	const [{ text }] = result.content as Array<{ text: string }>;
	return { isError: !!result.isError, text };
}

/** Calls a tool and gives up on it as soon as the node has sent a request to CometAPI. */
async function giveUp(name: string, args: Record<string, string>, from = client): Promise<void> {
	const { requests } = context.sandbox;
	const before = requests.length;
	const patience = new AbortController();
	const calling = expect(call(name, args, from, patience.signal)).rejects.toThrow('gave up');
	// without a pause, because the response may come immediately
	while (requests.length === before) await setImmediate();
	patience.abort(new Error('gave up'));
	await calling;
}

/** Calls a tool that must succeed. @returns the task */
async function taskFrom(name: string, args: Record<string, string>) {
	const { isError, text } = await call(name, args);
	expect({ isError, text }).toMatchObject({ isError: false });
	return (JSON.parse(text) as Array<Record<'id' | 'status' | 'video_url', string>>)[0];
}

describe('the example mcp-video-tools', () => {
	it('offers two tools with descriptions that a model can act on', async () => {
		const { tools } = await client.listTools();
		const byName = Object.fromEntries(tools.map((tool) => [tool.name, tool]));
		expect(Object.keys(byName).sort()).toEqual([CREATE, GET]);
		expect(byName[CREATE].description).toContain(`call ${GET}`);
		expect(byName[CREATE].inputSchema).toMatchObject({
			properties: {
				Prompt: { type: 'string', description: expect.stringMatching(/^What to generate/) },
				Image_URL: { type: 'string', description: expect.stringMatching(/^Public URL/) },
			},
			required: ['Prompt'],
		});
		expect(byName[GET].inputSchema).toMatchObject({
			properties: { Task_ID: { type: 'string', description: expect.stringContaining(CREATE) } },
			required: ['Task_ID'],
		});
	});

	it('returns the link to a client that gives up on a call and repeats it, for the price of one video', async () => {
		const { id } = await taskFrom(CREATE, { Prompt: 'A kite' });
		await giveUp(GET, { Task_ID: id });
		const task = await until('the video', async () => {
			const current = await taskFrom(GET, { Task_ID: id });
			return current.status === 'completed' ? current : undefined;
		});
		await expectLink(context, task.video_url, id);
		expect(context.sandbox.counts()).toMatchObject({ creates: 1, created: 1 });
	});

	it('uses the image whose URL the model gives', async () => {
		const image = fixture('first-frame.png');
		context.service.files['/1.png'] = { contentType: 'image/png', body: image };
		const { id } = await taskFrom(CREATE, {
			Prompt: 'A kite',
			Image_URL: `${context.service.url}/1.png`,
		});
		expect(context.imagesOf(id)).toEqual([sha256(image)]);
	});

	it('reports to the model why a prompt was refused', async () => {
		context.sandbox.faults.push({ call: 'create', fault: replies.contentPolicy400 });
		const { isError, text } = await call(CREATE, { Prompt: 'A kite' });
		expect(isError).toBe(true);
		expect(text).toContain('CometAPI refused the prompt or an image. Nothing was created');
		expect(text).toContain('Change the prompt or the images');
	});

	it('reports to the model that calling again may cost a second video when the response was lost', async () => {
		const fault = { ...replies.serverError, created: true };
		context.sandbox.faults.push({ call: 'create', fault });
		const { isError, text } = await call(CREATE, { Prompt: 'A kite' });
		expect(isError).toBe(true);
		expect(text).toContain('The video may have been created and charged');
		expect(text).toContain('Calling the tool again sends it again and may charge you twice');
	});

	it('needs two tools, because each call of a create-and-wait tool pays for a video', async () => {
		const workflow = await context.prepare('mcp-video-tools', {
			'MCP Server': { path: 'waiting' },
			'Create a video': { operation: 'createAndWait', options: { timeout: 0 } },
		});
		await context.rest.activate(workflow);
		const waiting = await connect(MCP_TOKEN, 'waiting');
		const args = { Prompt: 'A kite' };
		await giveUp(CREATE, args, waiting);
		const { text } = await call(CREATE, args, waiting);
		await waiting.close();
		expect(text).toMatch(/CometAPI is still working on task .* Use 'Retrieve Video' with task ID/);
		expect(text).not.toMatch(/call the tool again/i);
		expect(context.sandbox.counts()).toMatchObject({ creates: 2, created: 2 });
	});

	it('refuses clients without the token', async () => {
		await expect(connect('another')).rejects.toThrow();
		expect(context.sandbox.counts().creates).toBe(0);
	});
});
