import { replies } from '../sandbox/server';
import { setUpEditor, type Editor } from './support/editor';
import { expectLink } from './support/expectVideos';
import { setUpExamples } from './support/setUpExamples';

const context = setUpExamples({ jobMs: 500 });
const inEditor = setUpEditor(context);

/** Asks for a video in the editor's chat, and waits for the agent's question. */
async function ask(editor: Editor): Promise<void> {
	await editor.openWorkflow(await context.prepare('agent-with-veo'));
	await editor.sendChatMessage('a paper kite');
	await editor.chatMessage('Create this video? It costs money.').waitFor();
	await editor.chatMessage('A video of a paper kite').waitFor();
	expect(context.sandbox.requests).toEqual([]);
}

describe('the example agent-with-veo', () => {
	it(
		'creates the approved video and responds with a link to the stored file',
		inEditor(async (editor) => {
			await ask(editor);
			await editor.chatMessage('').getByText('Approve').click();
			const reply = await editor.chatMessage('Here is your video').textContent();
			const [link] = /http\S+/.exec(reply!)!;
			expect(link).toContain('/rest/binary-data/signed?');
			const [{ id, prompt }] = context.sandbox.tasks;
			expect(prompt).toBe('A video of a paper kite');
			await expectLink(context, link, id);
		}),
	);

	it(
		'responds with the reason when the prompt was refused',
		inEditor(async (editor) => {
			context.sandbox.faults.push({ call: 'create', fault: replies.contentPolicy400 });
			await ask(editor);
			await editor.chatMessage('').getByText('Approve').click();
			await editor.chatMessage('There is no video').waitFor();
			await editor.chatMessage('CometAPI refused the prompt or an image').waitFor();
		}),
	);

	it(
		'creates nothing when the prompt is rejected',
		inEditor(async (editor) => {
			await ask(editor);
			await editor.chatMessage('').getByText('Reject').click();
			await editor.chatMessage('User rejected the tool call').waitFor();
			expect(context.sandbox.requests).toEqual([]);
		}),
	);
});
