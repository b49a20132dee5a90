import { parseBody, parseJson } from '../../nodes/Veo/transport/json';

describe('a number', () => {
	it.each([
		['1728394056677889901', '1728394056677889901'],
		['-1728394056677889901', '-1728394056677889901'],
		['9007199254740993', '9007199254740993'],
		['123456789012345678901234567890', '123456789012345678901234567890'],
	])('that is too large keeps its digits as text: %s', (json, text) => {
		expect(parseJson(json)).toBe(text);
		expect(parseJson(`{"id":${json},"a":[${json}, ${json}]}`)).toEqual({
			...{ id: text, a: [text, text] },
		});
		expect(parseJson(`{"id" : ${json}\n}`)).toEqual({ id: text });
	});

	it.each([
		...['0', '-1', '9007199254740991', '-9007199254740991', '1234567890123456'],
		...['0.1234567890123456789', '1e-1234567890123456789', '1E+123', '1234567890123456789.5'],
		'1234567890123456789e2',
	])('stays a number: %s', (json) => {
		expect(parseJson(`[${json}]`)).toEqual([Number(json)]);
	});

	it.each([
		...['1728394056677889901', 'a "1728394056677889901" b', '\\', '\\"1728394056677889901'],
		...['\\\\"', '[{', '}]'],
	])('in a text is unchanged: %j', (text) => {
		const body = { [text]: text, next: 1 };
		expect(parseJson(JSON.stringify(body))).toEqual(body);
	});
});

describe('a value', () => {
	const nested = (depth: number, open = '[', close = ']') =>
		open.repeat(depth) + '1' + close.repeat(depth);

	it('is complete up to a depth beyond any response', () => {
		const body = JSON.parse(nested(100)) as unknown;
		expect(parseJson(nested(100))).toEqual(body);
	});

	it.each([
		['lists', '[', ']'],
		['objects', '{"a":', '}'],
		['lists with braces in texts', '["}]",', ']'],
	])('that is nested too deep is cut: %s', (_name, open, close) => {
		const text = `{"id":"a","url":${nested(20_000, open, close)},"status":"queued"}`;
		const body = parseJson(text) as Record<string, unknown>;
		expect(body).toMatchObject({ id: 'a', status: 'queued' });
		expect(JSON.stringify(body).length).toBeLessThan(2_000);
	});

	it.each(['{', '[1', '{"a":1', '"', '{"a":"\\"}', '[1]]', '<html>', '', nested(200).slice(1)])(
		'is undefined if it is not JSON: %s',
		(text) => {
			expect(parseJson(text)).toBeUndefined();
		},
	);
});

describe('the body of a response', () => {
	const TASK = '{"id":"task_1","status":"queued"}';

	it.each([
		['JSON', TASK],
		['an event', `data: ${TASK}\n\n`],
		['an event with a name', `event: task\r\ndata: ${TASK}\r\n\r\n`],
		['an event before others', `data: ${TASK}\n\ndata: {"usage":1}\n\ndata: [DONE]\n\n`],
	])('is read as %s', (_name, text) => {
		expect(parseBody(text)).toEqual({ id: 'task_1', status: 'queued' });
	});

	it.each(['', 'data:', 'data: [DONE]', `some text\ndata: ${TASK}`])('is no JSON: %j', (text) => {
		expect(parseBody(text)).toBeUndefined();
	});
});

it('is not parsed if it has too many values', () => {
	expect(parseJson(`[${'{},'.repeat(60_000)}1]`)).toBeUndefined();
	expect(parseJson(`["${'{},'.repeat(60_000)}1"]`)).toHaveLength(1);
});
