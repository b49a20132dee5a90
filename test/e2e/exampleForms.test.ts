import type { Workflow } from '../../scripts/n8n/rest';
import { replies } from '../sandbox/server';
import { setUpExamples } from './support/exampleStage';
import { sha256 } from './support/expectVideos';
import { fixture } from './support/fixture';
import { chat, sendForm } from './support/visitor';

const stage = setUpExamples({ jobMs: 1_500 });

const webhookOf = ({ nodes }: Workflow, name: string) =>
	nodes.find((node) => node.name === name)?.webhookId;

/** Fills the form of an example in, while its workflow is active. */
async function visit(name: string, form: string, answers: Record<string, string | File>) {
	const workflow = await stage.prepare(name);
	await stage.rest.activate(workflow);
	const page = await sendForm(stage.n8n.url, webhookOf(workflow, form), answers);
	await stage.lastOf(workflow);
	await stage.rest.deactivate(workflow);
	return page;
}

describe('the example prompt-form', () => {
	const send = async () =>
		await visit('prompt-form', 'Video Form', { Prompt: 'A kite', Format: 'Portrait' });

	it('should give the file to whoever sent the form', async () => {
		const { downloads } = await send();
		const [{ id, prompt, size }] = stage.sandbox.tasks;
		expect({ prompt, size }).toEqual({ prompt: 'A kite', size: '9x16' });
		expect(downloads).toMatchObject([{ fileName: `${id}.mp4`, type: 'video/mp4' }]);
		expect(sha256(downloads[0].bytes)).toBe(stage.sandbox.sha256(id));
	});

	it('should say what went wrong to whoever sent the form', async () => {
		stage.sandbox.faults.push({ call: 'create', fault: replies.badRequest });
		const { html, downloads } = await send();
		expect(html).toContain('CometAPI did not accept the request');
		expect(downloads).toEqual([]);
	});
});

describe('the example first-and-last-frame', () => {
	it('should lead from the first picture to the last', async () => {
		const [first, last] = [fixture('first-frame.png'), fixture('last-frame.jpg')];
		const { downloads } = await visit('first-and-last-frame', 'Frames Form', {
			'Last Frame': new File([last], 'last.jpg', { type: 'image/jpeg' }),
			'First Frame': new File([first], 'first.png', { type: 'image/png' }),
			Prompt: 'From dawn to dusk',
		});
		const [{ id }] = stage.sandbox.tasks;
		expect(stage.imagesOf(id)).toEqual([sha256(first), sha256(last)]);
		expect(downloads.map(({ bytes }) => sha256(bytes))).toEqual([stage.sandbox.sha256(id)]);
	});
});

describe('the example agent-with-veo', () => {
	it('should answer a chat with the link to the video', async () => {
		const workflow = await stage.prepare('agent-with-veo', { Chat: { public: true } });
		await stage.rest.activate(workflow);
		const answer = await chat(stage.n8n.url, webhookOf(workflow, 'Chat'), 'a paper kite');
		await stage.rest.deactivate(workflow);
		const [{ id, prompt }] = stage.sandbox.tasks;
		expect(prompt).toBe('A video of a paper kite');
		const [link] = /http\S+/.exec(answer) ?? [''];
		expect(link).toContain('/rest/binary-data/signed?');
		const bytes = Buffer.from(await (await fetch(link)).arrayBuffer());
		expect(sha256(bytes)).toBe(stage.sandbox.sha256(id));
	});
});
