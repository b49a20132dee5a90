import {
	downloadFault,
	networkFault,
	parseRetryAfter,
	replyFault,
} from '../../nodes/Veo/api/errors';
import { Fault } from '../../nodes/Veo/api/fault';
import type { Reply } from '../../nodes/Veo/api/errors';

const NOW = Date.UTC(2026, 0, 1);

const reply = (status: number, body = {}, headers = {}): Reply => ({
	status,
	headers,
	text: JSON.stringify(body),
});

const again = { retryable: true, mayHaveBeenCreated: false };
const lost = { retryable: false, mayHaveBeenCreated: true };

describe('Retry-After', () => {
	it.each([
		['120', 120_000],
		['0', 0],
		['0.5', 500],
		[' 7 ', 7_000],
		['Thu, 01 Jan 2026 00:01:30 GMT', 90_000],
		['Wed, 31 Dec 2025 23:59:00 GMT', 0],
		['-5', 0],
		['soon', 0],
		['', 0],
		[' ', 0],
		['Infinity', 0],
		[undefined, 0],
		[['5'], 0],
		[{}, 0],
	])('%j should be %s ms', (header, ms) => {
		expect(parseRetryAfter(header, NOW)).toBe(ms);
	});

	it('should be kept with the fault', () => {
		const fault = replyFault('retrieve', reply(429, {}, { 'retry-after': '3' }), NOW);
		expect(fault.retryAfterMs).toBe(3_000);
		expect(fault.with({ taskId: 'task_1' }).retryAfterMs).toBe(3_000);
	});
});

describe('a download', () => {
	it.each([
		[200, false, 'something else than a video'],
		[403, false, 'status 403'],
		[404, false, 'status 404'],
		[500, false, 'status 500'],
		[401, true, 'status 401'],
	])(
		'answered with %s should be tried again unless the key is refused',
		(status, refused, what) => {
			const fault = downloadFault(
				reply(status, { error: { code: '', message: 'So' } }, { 'retry-after': '9' }),
				NOW,
			);
			expect(fault.message).toMatch(new RegExp(`could not be downloaded: .*${what}$`));
			expect(fault.advice).toBe('CometAPI says: So');
			expect(fault).toMatchObject({ passing: !refused, retryAfterMs: 9_000 });
		},
	);
});

describe('a request without an answer', () => {
	const failed = (code: string, depth = 0): Error => {
		const error = Object.assign(new Error(code), depth ? {} : { code });
		return depth ? Object.assign(error, { cause: failed(code, depth - 1) }) : error;
	};

	it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])(
		'should be known as never sent: %s',
		(code) => {
			for (const depth of [0, 1, 3]) {
				const fault = networkFault('create', failed(code, depth));
				expect(fault.message).toBe('CometAPI could not be reached');
				expect(fault.advice).toMatch(/'Base URL'.*Nothing was sent/);
				expect(fault.advice).toContain(code);
				expect(fault).toMatchObject({ passing: true, details: { code, ...again } });
			}
		},
	);

	it.each(['CERT_HAS_EXPIRED', 'SELF_SIGNED_CERT_IN_CHAIN', 'ERR_TLS_CERT_ALTNAME_INVALID'])(
		'should not be sent again where that is no use: %s',
		(code) => {
			const fault = networkFault('create', failed(code));
			expect(fault).toMatchObject({ passing: false, details: { code, ...again } });
		},
	);

	it.each(['ECONNRESET', 'ETIMEDOUT', 'ECONNABORTED', 'EPIPE', 'ERR_BAD_RESPONSE', ''])(
		'should count as lost after a create, and as passing otherwise: %j',
		(code) => {
			const created = networkFault('create', failed(code));
			expect(created).toMatchObject({ passing: false, details: lost });
			expect(created.message).toMatch(/may have been created and billed/);
			expect(networkFault('retrieve', failed(code))).toMatchObject({
				passing: true,
				details: again,
			});
		},
	);

	const withStatus = (httpCode: string) => Object.assign(new Error('Offline'), { httpCode });

	it.each([
		['ECONNREFUSED', { passing: true, details: again }],
		['DEPTH_ZERO_SELF_SIGNED_CERT', { passing: false, details: again }],
		['ECONNRESET', { passing: false, details: lost }],
	])('should be known by its code where n8n 2.0 has it for a status: %s', (code, expected) => {
		expect(networkFault('create', withStatus(code))).toMatchObject({
			...expected,
			details: { code, ...expected.details },
		});
	});

	it('should not take a status for a code', () => {
		expect(networkFault('create', withStatus('502')).details).toEqual(lost);
	});

	it('should be left as it is where it is known already', () => {
		const fault = new Fault('Known', { advice: 'So' });
		expect(networkFault('create', fault)).toBe(fault);
	});
});
