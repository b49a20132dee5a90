import { replies } from '../sandbox/server';
import { sha256 } from './support/expectVideos';
import { fixture } from './support/fixture';
import { setUpExamples, TELEGRAM_TOKEN } from './support/setUpExamples';
import { until } from './support/until';

const context = setUpExamples({ jobMs: 500 });
const BOT = `/bot${TELEGRAM_TOKEN}`;
const CHAT = 123_456_789;
const photo = fixture('last-frame.jpg');

/** The requests that the bot has sent to Telegram, by method. */
const sent = (method: string) =>
	context.service.received.filter(({ path }) => path === `${BOT}/${method}`);

/** Publishes the example, and sends its bot a message as Telegram does. */
async function send(message: object, chat = CHAT): Promise<number> {
	const { rest, service, prepare, lastOf } = context;
	service.files[`POST ${BOT}/getFile`] = {
		contentType: 'application/json',
		body: JSON.stringify({ result: { file_path: 'photos/1.jpg' } }),
	};
	service.files[`/file${BOT}/photos/1.jpg`] = { contentType: 'image/jpeg', body: photo };
	const workflow = await prepare('telegram-photo-to-video');
	await rest.activate(workflow);
	const [{ body }] = await until('the webhook', () =>
		sent('setWebhook').length > 0 ? sent('setWebhook') : undefined,
	);
	const { url, secret_token } = JSON.parse(body.toString()) as Record<string, string>;
	const { status } = await fetch(url, {
		method: 'POST',
		headers: {
			'content-type': 'application/json',
			'x-telegram-bot-api-secret-token': secret_token,
		},
		body: JSON.stringify({ message: { chat: { id: chat }, ...message } }),
	});
	if (chat === CHAT) await lastOf(workflow);
	await rest.deactivate(workflow);
	return status;
}

const PHOTO = {
	caption: 'The sun rises',
	photo: [
		{ file_id: 'small', width: 9, height: 16 },
		{ file_id: 'large', width: 90, height: 160 },
	],
};

describe('the example telegram-photo-to-video', () => {
	it('replies with a video that starts with the photo', async () => {
		await send(PHOTO);
		const [{ id, prompt, size }] = context.sandbox.tasks;
		expect({ prompt, size }).toEqual({ prompt: 'The sun rises', size: '9x16' });
		expect(context.imagesOf(id)).toEqual([sha256(photo)]);
		const [{ body }] = sent('getFile');
		expect(body.toString()).toContain('large');
		const [{ body: form, headers }] = sent('sendVideo');
		const answer = await new Response(new Uint8Array(form), {
			headers: { 'content-type': headers['content-type']! },
		}).formData();
		expect(answer.get('chat_id')).toBe(`${CHAT}`);
		const file = Buffer.from(await (answer.get('video') as File).arrayBuffer());
		expect(sha256(file)).toBe(context.sandbox.sha256(id));
	});

	it('replies with the reason when there is no video', async () => {
		context.sandbox.faults.push({ call: 'create', fault: replies.contentPolicy400 });
		await send(PHOTO);
		const [{ body }] = sent('sendMessage');
		expect(body.toString()).toContain('CometAPI refused the prompt or an image');
	});

	it('asks for a photo when there is none, and ignores strangers', async () => {
		await send({ text: 'hello' });
		expect(sent('sendMessage')).toHaveLength(1);
		context.service.received.length = 0;
		await send(PHOTO, 1);
		expect(sent('getFile')).toEqual([]);
		expect(context.sandbox.requests).toEqual([]);
	});
});
