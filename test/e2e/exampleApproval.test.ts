import type { Execution } from '../../scripts/n8n/rest';
import { expectLink } from './support/expectVideos';
import { linksIn } from './support/mailServer';
import { setUpExamples } from './support/setUpExamples';
import { until } from './support/until';

const context = setUpExamples({ jobMs: 500 });

const PROMPT = 'A paper kite floats above a field at sunrise, slow camera, soft wind';

/** Runs the example until it waits, and clicks a button in the email. */
async function answer(approved: boolean): Promise<Execution> {
	const { rest, mailServer, prepare, lastOf, sandbox } = context;
	const workflow = await prepare('approve-before-paying');
	const id = await rest.run(workflow, 'Start');
	await until('the mail', () => mailServer.mails.length > 0);
	await until(
		'the execution to wait',
		async () => (await rest.status(workflow.id, id)) === 'waiting',
	);
	const [mail] = mailServer.mails;
	expect(mail).toContain(PROMPT);
	expect(mail).toMatch(/^Subject: Create this video\?/m);
	expect(sandbox.requests).toEqual([]);
	const link = linksIn(mail).find((url) => url.includes(`approved=${approved}`));
	// n8n ignores clicks from known bots
	const response = await fetch(link!, {
		headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' },
	});
	expect(response.status).toBe(200);
	return await lastOf(workflow);
}

describe('the example approve-before-paying', () => {
	it('creates the video once it is approved and sends its link', async () => {
		const execution = await answer(true);
		const { sandbox, mailServer } = context;
		expect(sandbox.tasks.map(({ prompt }) => prompt)).toEqual([PROMPT]);
		expect(execution.itemsOf('Not Approved')).toEqual([]);
		const [, mail] = mailServer.mails;
		await expectLink(context, linksIn(mail)[0], sandbox.tasks[0].id);
	});

	it('creates nothing when it is declined', async () => {
		const execution = await answer(false);
		expect(execution.itemsOf('Not Approved')).toHaveLength(1);
		expect(context.sandbox.requests).toEqual([]);
		expect(context.mailServer.mails).toHaveLength(1);
	});
});
