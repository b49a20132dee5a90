import { isWebPage, readReason, readReply, toReply } from '../../nodes/Veo/transport/reason';
import { errorBodies, REASON as SANDBOX_REASON } from '../sandbox/errorBodies';

const REASON = 'The image is not supported';

describe('the reason', () => {
	it.each<[place: string, body: unknown]>([
		['error', { error: REASON }],
		['errors', { errors: [REASON] }],
		['failure', { failure: { message: REASON } }],
		['detail', { detail: REASON }],
		['details', { details: REASON }],
		['error.error.message', { error: { error: { message: REASON } } }],
		['a list of objects', { errors: [{ message: REASON }, { message: 'Another' }] }],
		['a list in `error`', { error: [{ message: REASON }] }],
		['a list of validation errors', { detail: [{ loc: ['body', 'size'], msg: REASON }] }],
		['the body itself', REASON],
		['a list as body', [{ message: REASON }]],
		['message', { message: REASON }],
		['msg', { code: 1003, msg: REASON }],
		['fail_reason', { fail_reason: REASON }],
		['failure_reason', { failure_reason: REASON }],
		['reason', { error: { reason: REASON } }],
		['description', { error: { code: 'x', description: REASON } }],
		['message beside an empty error', { error: null, message: REASON }],
		['a place without blanks', { error: { message: `  ${REASON}\n` } }],
	])('is found in %s', (_place, body) => {
		expect(readReason(body).message).toBe(REASON);
	});

	it.each([
		['nothing', undefined],
		['null', null],
		['an empty object', {}],
		['an empty list', []],
		['a message that is no text', { error: { message: {} } }],
		['a yes', { error: true }],
		[
			'what is nested too deep',
			{ error: { error: { error: { error: { error: { error: REASON } } } } } },
		],
	])('is empty for %s', (_name, body) => {
		expect(readReason(body)).toEqual({ code: '', message: '' });
	});

	it('is the inner one rather than the outer', () => {
		expect(readReason({ message: 'Bad request', error: { message: REASON } }).message).toBe(REASON);
	});

	it.each<[place: string, body: object]>([
		['error', { statusCode: 400, error: 'Bad Request', message: REASON }],
		['title', { title: 'Invalid', detail: REASON }],
		['message', { message: 'Validation failed', errors: [{ message: 'Bad' }, REASON] }],
		['fail_reason', { error: 'invalid_request', fail_reason: REASON }],
		['error_description', { error: 'invalid_request', error_description: REASON }],
		['errorMessage', { code: 'Bad Request', errorMessage: REASON }],
		['a list by field', { message: 'Bad Request', errors: { prompt: [REASON] } }],
		['JSON as text', { error: 'Bad Request', message: JSON.stringify({ message: REASON }) }],
		['a list as text', { error: 'Bad Request', message: JSON.stringify([{ msg: REASON }]) }],
		['a list of texts', { statusCode: 400, error: 'Bad Request', message: [REASON, 'Bad size'] }],
		['a sentence as title', { error: 'The request was not valid', message: REASON }],
		['a title with a dash', { error: 'Bad Request – 400', message: REASON }],
		['data', { msg: 'error', data: { error: { message: REASON } } }],
	])('is more than a title: %s', (_place, body) => {
		expect(readReason(body).message).toBe(REASON);
	});

	it('is a title if there is nothing else', () => {
		expect(readReason({ statusCode: 400, error: 'Bad Request' }).message).toBe('Bad Request');
	});

	it.each(['https://files/a.mp4', 'http://files/a.mp4', 'data:video/mp4;base64,AA'])(
		'is not a link: %s',
		(fail_reason) => {
			expect(readReason({ fail_reason }).message).toBe('');
		},
	);

	it('is shortened, and keeps the request ID at its end', () => {
		const long = 'word '.repeat(1_000);
		expect(readReason({ error: long }).message).toHaveLength(501);
		const { message } = readReason({ error: `${long}(request id: 7)` });
		expect(message.length).toBeLessThan(530);
		expect(message).toMatch(/… \(request id: 7\)$/);
	});
});

describe('the code', () => {
	it.each<[place: string, body: unknown, code: string]>([
		['error.code', { error: { code: 'bad_image', message: REASON } }, 'bad_image'],
		['code', { code: 'bad_image', message: REASON, data: null }, 'bad_image'],
		['error_code', { error_code: 'bad_image' }, 'bad_image'],
		['error.error.code', { error: { error: { code: 'bad_image' } } }, 'bad_image'],
		['a list', { errors: [{ code: 'bad_image' }] }, 'bad_image'],
		['a number', { error: { code: 1301, message: REASON } }, '1301'],
		[
			"Google's status",
			{ error: { code: 400, status: 'INVALID_ARGUMENT', message: REASON } },
			'INVALID_ARGUMENT',
		],
		['not the status of a task', { status: 'NOT_START', code: 'x' }, 'x'],
		['not a status of one word', { error: { code: 400, status: 'FAILURE' } }, '400'],
	])('is found: %s', (_place, body, code) => {
		expect(readReason(body).code).toBe(code);
	});

	it.each(['success', 'SUCCESS', 'ok', 0, '0', 200, ''])('is absent in %j', (code) => {
		expect(readReason({ code, message: REASON })).toEqual({ code: '', message: REASON });
	});
});

describe('the request ID', () => {
	it.each<[string, object]>([
		['request_id', { error: { message: REASON }, request_id: 'r-7' }],
		['requestId', { message: REASON, requestId: 'r-7' }],
		['beside the inner message', { error: { message: REASON, request_id: 'r-7' } }],
	])('comes after the reason: %s', (_place, body) => {
		expect(readReason(body).message).toBe(`${REASON} (request id: r-7)`);
	});

	it('is not repeated', () => {
		const message = `${REASON} (request id: r-7)`;
		expect(readReason({ error: { message }, request_id: 'r-7' }).message).toBe(message);
	});

	it('is omitted without a reason', () => {
		expect(readReason({ request_id: 'r-7' }).message).toBe('');
	});
});

describe('a response', () => {
	const reply = (status: number, text: string, headers = {}) =>
		readReply(toReply({ status, headers, text }));

	it('has the reason from its JSON', () => {
		const text = JSON.stringify({ error: { code: 'x', message: REASON } });
		expect(reply(400, text)).toMatchObject({ code: 'x', message: REASON });
		expect(reply(200, text)).toMatchObject({ code: 'x', message: REASON });
	});

	it('has the text of an error as its reason', () => {
		expect(reply(400, ` ${REASON}\n`)).toMatchObject({ code: '', message: REASON });
		expect(reply(524, 'error code: 524').message).toBe('error code: 524');
	});

	it('uses no other text as its reason', () => {
		expect(reply(200, REASON).message).toBe('');
		expect(reply(400, '<html>Bad</html>').message).toBe('');
		expect(reply(400, '').message).toBe('');
	});

	it('shortens a text', () => {
		expect(reply(500, 'x'.repeat(10_000)).message).toHaveLength(501);
	});

	it.each(['x-cometapi-request-id', 'x-request-id', 'x-oneapi-request-id'])(
		'has the request ID from its header %s',
		(name) => {
			expect(reply(500, REASON, { [name]: 'r-7' }).message).toBe(`${REASON} (request id: r-7)`);
		},
	);

	it.each([
		['the reason has one', `${REASON} (Request ID: r-1)`, `${REASON} (Request ID: r-1)`],
		['there is no reason', '', ''],
	])('omits the request ID from its header when %s', (_name, text, message) => {
		expect(reply(500, text, { 'x-request-id': 'r-7' }).message).toBe(message);
	});

	it.each(Object.entries(errorBodies))('has its reason in the form %s', (name, { body }) => {
		const text = typeof body === 'string' ? body : JSON.stringify(body);
		const { code, message } = reply(400, text);
		if (name === 'noBody') expect({ code, message }).toEqual({ code: '', message: '' });
		else if (name === 'codeOnly')
			expect({ code, message }).toEqual({ code: 'bad_image', message: '' });
		else expect(message).toContain(SANDBOX_REASON);
	});
});

it.each([
	['<html>', true],
	[' \n<!DOCTYPE html>', true],
	['{"a":"<b>"}', false],
	['', false],
])('%j is a web page: %s', (text, isPage) => {
	expect(isWebPage(text)).toBe(isPage);
});
