import { replyFault } from '../../nodes/Veo/api/errors';
import type { Call, Reply } from '../../nodes/Veo/api/errors';
import type { FaultDetails } from '../../nodes/Veo/api/fault';

const NOW = Date.UTC(2026, 0, 1);

const reply = (status: number, body: object | string = {}, headers = {}): Reply => ({
	status,
	headers,
	text: typeof body === 'string' ? body : JSON.stringify(body),
});

const said = (message: string, code: string | number = '') => ({
	error: { code, message, type: 'comet_api_error' },
});

interface Meaning {
	message: RegExp;
	advice: RegExp;
	/** Whether the node may send it again by itself. */
	passing?: true;
	details: Partial<FaultDetails>;
}

const final = { retryable: false, mayHaveBeenCreated: false };
const again = { retryable: true, mayHaveBeenCreated: false };
const lost = { retryable: false, mayHaveBeenCreated: true };

const badRequest: Meaning = {
	message: /^CometAPI did not accept the request$/,
	advice: /^Check 'Prompt', 'Model', 'Size', the images and the extra fields/,
	details: final,
};
const badTaskId = { ...badRequest, advice: /^Check 'Task ID'/ };
const badKey: Meaning = {
	message: /^CometAPI refused the API key$/,
	advice: /^Check the CometAPI credential/,
	details: final,
};
const forbidden: Meaning = { message: /does not allow/, advice: /'Model'/, details: final };
const noMoney: Meaning = { message: /balance or quota/, advice: /^Top up/, details: again };
const notHere: Meaning = {
	message: /not found at the Base URL/,
	advice: /'Base URL'/,
	details: final,
};
const noTask: Meaning = { message: /does not know this task/, advice: /'Task ID'/, details: final };
const tooLarge: Meaning = { message: /images are too large/, advice: /smaller/, details: final };
const moved: Meaning = {
	message: /leads to another address/,
	advice: /'Base URL'/,
	details: final,
};
const odd: Meaning = { message: /status 418/, advice: /^Try again later/, details: final };
const busy: Meaning = {
	message: /too many requests/,
	advice: /'Max Concurrent Videos'/,
	passing: true,
	details: again,
};
const away: Meaning = {
	message: /^CometAPI could not be reached$/,
	advice: /^Try again later/,
	passing: true,
	details: again,
};
const answerLost: Meaning = {
	message: /answer was lost: the video may have been created and billed$/,
	advice: /not sent again.*usage log.*run Retry/,
	details: lost,
};

const table: Array<[call: Call, status: number, body: object | string, meaning: Meaning]> = [
	['create', 400, said('Bad'), badRequest],
	['create', 422, said('Bad'), badRequest],
	['create', 500, said('Bad', 'invalid_request'), badRequest],
	['create', 401, said('Bad'), badKey],
	['create', 403, said('Bad'), forbidden],
	['create', 403, said('User quota is not enough'), noMoney],
	['create', 403, said('Insufficient BALANCE'), noMoney],
	['create', 429, said('Your credit is used up'), noMoney],
	['create', 429, said('The upstream is saturated'), busy],
	['create', 404, said('Bad'), notHere],
	['create', 413, said('Bad'), tooLarge],
	['create', 301, '<html>Moved</html>', moved],
	['create', 302, '', moved],
	['create', 418, said('Bad'), odd],
	['create', 500, said('Bad'), answerLost],
	['create', 502, '<html>Bad Gateway</html>', answerLost],
	['create', 503, said('Bad'), answerLost],
	['create', 504, '', answerLost],
	['create', 524, 'error code: 524', answerLost],
	['create', 200, '{"id":', answerLost],
	['create', 200, '<html>CometAPI</html>', answerLost],
	['retrieve', 400, said('Bad'), badTaskId],
	['retrieve', 401, said('Bad'), badKey],
	['retrieve', 403, said('Bad'), forbidden],
	['retrieve', 404, said('Bad'), noTask],
	['retrieve', 429, said('Bad'), busy],
	['retrieve', 301, '', moved],
	['retrieve', 500, said('Bad'), away],
	['retrieve', 502, '<html>Bad Gateway</html>', away],
	['retrieve', 503, said('Bad'), away],
	['retrieve', 524, 'error code: 524', away],
	['retrieve', 200, '<html>CometAPI</html>', away],
];

describe.each(table)('%s answered with %s %j', (call, status, body, meaning) => {
	const fault = replyFault(call, reply(status, body), NOW);

	it('should say what happened and how to get on', () => {
		expect(fault.message).toMatch(meaning.message);
		expect(fault.advice).toMatch(meaning.advice);
	});

	it('should say whether it may be sent again, and by whom', () => {
		expect(fault.passing).toBe(meaning.passing ?? false);
		expect(fault.details).toMatchObject({ httpCode: status, ...meaning.details });
	});
});

describe("CometAPI's own words", () => {
	it.each<Call>(['create', 'retrieve'])('should stand behind the advice: %s', (call) => {
		for (const status of [400, 401, 403, 404, 413, 418, 429, 500, 503]) {
			const { advice, details } = replyFault(
				call,
				reply(status, said('So (request id: 7)', 'x')),
				NOW,
			);
			expect(advice).toMatch(/[\w']\. CometAPI says: So \(request id: 7\)$/);
			expect(details.code).toBe('x');
		}
	});

	it.each<[string, object, string]>([
		['a flat body', { code: 1101, message: 'So' }, '1101'],
		['a code that is a number', said('So', 42), '42'],
	])('should be found in %s', (_name, body, code) => {
		const fault = replyFault('create', reply(400, body), NOW);
		expect(fault.advice).toMatch(/CometAPI says: So$/);
		expect(fault.details.code).toBe(code);
	});

	it.each(['', 'no JSON', '[]', 'null', '{"error":"text"}'])(
		'should not be missed in %j',
		(text) => {
			const fault = replyFault('create', reply(400, text), NOW);
			expect(fault.message).toBe('CometAPI did not accept the request');
			expect(fault.advice).not.toMatch(/undefined|null|\[object|CometAPI says: *$/);
			expect(fault.details).not.toHaveProperty('code');
		},
	);

	it('should be found where the error is a text', () => {
		const fault = replyFault('create', reply(400, { error: 'No such size' }), NOW);
		expect(fault.advice).toMatch(/CometAPI says: No such size$/);
	});
});

it.each([400, 403, 404])('should think of the Base URL where a web page says %s', (status) => {
	const fault = replyFault('create', reply(status, '<!DOCTYPE html><html></html>'), NOW);
	expect(fault.advice).toMatch(/Check 'Base URL'.*https:\/\/api\.cometapi\.com/);
	expect(fault.advice).not.toMatch(/<|'Base URL'.*'Base URL'/);
});
