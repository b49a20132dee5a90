import { isDataUrl, readDataUrl } from '../../nodes/Veo/core/dataUrl';
import { VideoError } from '../../nodes/Veo/errors';
import { hintText } from '../../nodes/Veo/messages/hints';
import { inputError } from '../../nodes/Veo/messages/inputErrors';
import { isUnder, parseBaseUrl } from '../../nodes/Veo/transport/baseUrl';
import { normalizeApiKey } from '../../nodes/Veo/transport/credential';
import { errorOf, parseRetryAfter } from '../../nodes/Veo/transport/errorReply';
import { imageName } from '../../nodes/Veo/transport/imageFormat';
import { keyHider } from '../../nodes/Veo/transport/keyHider';
import { networkError } from '../../nodes/Veo/transport/networkError';
import { isWebPage, readReason, toReply } from '../../nodes/Veo/transport/reason';
import { parseTask } from '../../nodes/Veo/transport/task';
import { textIn } from '../support/texts';
import { countWork } from '../support/work';

/** Texts that were or might be slow to process. */
const TEXTS: Record<string, (length: number) => string> = {
	backslashes: (length) => '\\'.repeat(length),
	blanks: (length) => `x${' '.repeat(length)}x`,
	quotes: (length) => `x${'"'.repeat(length)}x`,
	slashes: (length) => `http://x${'/'.repeat(length)}x`,
	'percent signs': (length) => `http://x/gw/${'%25'.repeat(length / 3)}2e`,
	dots: (length) => `http://x/gw/${'..'.repeat(length / 2)}`,
	'the start of the key': (length) => 'sk-aaaaaaaaaaaaaaaaaaa'.repeat(length / 22),
	'one letter': (length) => 'a'.repeat(length),
	'tags without an end': (length) => '<a '.repeat(length / 3),
	'request IDs without an end': (length) => '(request id: '.repeat(length / 13),
	braces: (length) => '{'.repeat(length),
	'JSON in JSON': (length) =>
		`{"message":${JSON.stringify(`{"message":"${'\\'.repeat(length)}"}`)}}`,
	'JSON quoted six times': (length) =>
		Array.from({ length: 6 }).reduce<string>(
			(message) => JSON.stringify({ message }),
			'a'.repeat(length),
		),
	semicolons: (length) => `data:${';base64'.repeat(length / 7)}`,
	'a model': (length) => 'veo-1_'.repeat(length / 6),
	'upper case': (length) => 'A_'.repeat(length / 2),
	'letters that are two in lower case': (length) => '\u0130'.repeat(length),
};

const hide = keyHider(`sk-${'a'.repeat(50)}b`);
const reply = (text: string) =>
	toReply({ status: 400, headers: { 'x-request-id': text }, text }, hide);

const STEPS: Record<string, (text: string) => unknown> = {
	'hides the key': hide,
	'reads the key': normalizeApiKey,
	'makes a hider of the key': (text) => keyHider(text)('x'),
	'reads the Base URL': parseBaseUrl,
	'judges a URL': (text) => isUnder('http://x/gw', text),
	'reads an error': (text) => textIn(errorOf('create', reply(text), 0)),
	'reads a reason': (text) =>
		readReason({
			message: text,
			request_id: text,
			error: { code: text, status: text, detail: text },
		}),
	'reads a task': (text) =>
		parseTask({ id: 'x', status: text, progress: text, url: text, expires_at: text, error: text }),
	'looks for a web page': isWebPage,
	'reads Retry-After': (text) => parseRetryAfter(text, 0),
	'reads an error of the network': (text) =>
		networkError('create', Object.assign(new Error(text), { code: text, httpCode: text })),
	'reads a data URL': (text) => isDataUrl(text) && readDataUrl(text),
	'names an image': (text) => imageName(text, 'image/png'),
	'quotes a value': (text) =>
		textIn(inputError.imageNotFound(text.slice(0, 9), text, [text, text], 0)),
	'quotes an object': (text) => textIn(inputError.notText('Model', { text })),
	'quotes a list of IDs': (text) => hintText.reused([text, text]),
	'shows an error': (text) =>
		textIn(new VideoError('unexpected', { text: { message: text, description: text } })),
};

const LENGTH = 2_000;

describe.each(Object.entries(STEPS))('the step that %s', (_step, run) => {
	it.each(Object.entries(TEXTS))(
		'does at most twice the work for twice as many %s',
		(_, textOf) => {
			const [once, twice] = [1, 2].map((times) => {
				const text = textOf(times * LENGTH);
				return countWork(() => run(text));
			});
			expect(twice).toBeLessThanOrEqual(2.1 * once + 1_000);
		},
	);
});

it.each(Object.entries(TEXTS))("a server's text is cut to a few lines: %s", (_name, textOf) => {
	const text = textOf(10_000);
	const body = JSON.stringify({ error: { code: text, message: text }, request_id: text });
	const { message, description } = textIn(errorOf('create', reply(body), 0));
	expect(message.length + description.length).toBeLessThan(1_500);
});

describe('the count of work', () => {
	it.each<[name: string, step: (text: string) => unknown]>([
		['a regular expression that looks again', (text) => /[\s"]+$/.test(text)],
		[
			'one that is made while the node runs',
			(text) => text.replace(new RegExp('(?:\\\\*a)+b'), ''),
		],
		['a text that is cut one by one', (text) => cutOneByOne(text)],
		['a search for a text as long', (text) => text.includes(text)],
	])('is four times as much for %s', (_name, step) => {
		const [once, twice] = [500, 1_000].map((length) => countWork(() => step('"'.repeat(length))));
		expect(twice).toBeGreaterThan(3.5 * once);
	});
});

function cutOneByOne(text: string): void {
	let kept = text;
	while (kept.length > 0) kept = [...kept].slice(0, -1).join('');
}
