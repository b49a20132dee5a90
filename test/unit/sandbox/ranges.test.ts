import { setUp, sha256 } from './setUp';
import { wire } from './wire';

const SIZE = 1_000_000;

describe.each(['file', 'content'] as const)('a range of the %s', (call) => {
	const asked = async (options: Parameters<typeof setUp>[0] = {}) => {
		const { sandbox, completed } = await setUp({ video: { sizeBytes: SIZE }, ...options });
		const task = await completed();
		const whole = await wire(task[call]);
		const range = async (value: string, ifRange = whole.headers.etag) =>
			await wire(task[call], {
				headers: { range: value, ...(ifRange && { 'if-range': ifRange }) },
			});
		return { sandbox, whole, range, id: task.id };
	};

	it.each<[string, number, number]>([
		['bytes=0-', 0, SIZE],
		['bytes=300000-', 300_000, SIZE],
		['bytes=300000-599999', 300_000, 600_000],
		['bytes=999999-2000000', 999_999, SIZE],
	])('is sent with 206: %s', async (value, from, to) => {
		const { whole, range } = await asked();

		const { status, headers, body, complete } = await range(value);

		expect({ status, complete }).toEqual({ status: 206, complete: true });
		expect(headers['content-range']).toBe(`bytes ${from}-${to - 1}/${SIZE}`);
		expect(body.equals(whole.body.subarray(from, to))).toBe(true);
	});

	it('is refused with 416 when it starts after the end', async () => {
		const { range } = await asked();

		expect(await range(`bytes=${SIZE}-`)).toMatchObject({
			...{ status: 416, headers: { 'content-range': `bytes */${SIZE}` } },
		});
	});

	it.each<[string, Parameters<typeof setUp>[0], string | undefined]>([
		['If-Range names another file', {}, '"other"'],
		['the ETag changes', { etag: 'changing' }, undefined],
		['the ETag is weak', { etag: 'weak' }, undefined],
		['ranges are off', { ranges: false }, undefined],
	])('is the whole file when %s', async (_name, options, ifRange) => {
		const { whole, range } = await asked(options);

		const { status, body } = await range('bytes=300000-', ifRange ?? whole.headers.etag);

		expect(status).toBe(200);
		expect(body.equals(whole.body)).toBe(true);
	});

	it('needs no ETag', async () => {
		const { whole, range } = await asked({ etag: 'none' });

		expect(whole.headers).not.toHaveProperty('etag');
		expect(await range('bytes=300000-')).toMatchObject({ status: 206 });
	});

	it('starts at the beginning with the fault wrongRange', async () => {
		const { sandbox, whole, range } = await asked();
		sandbox.faults = [{ call, fault: { kind: 'wrongRange' } }];

		const { status, headers, body } = await range('bytes=300000-');

		expect([status, headers['content-range']]).toEqual([206, `bytes 0-699999/${SIZE}`]);
		expect(body.equals(whole.body.subarray(0, 700_000))).toBe(true);
	});

	it('completes a transfer that is cut each time', async () => {
		const { sandbox, range, id } = await asked();
		const before = sandbox.requests.length;
		const bytesBefore = sandbox.counts().bytes;
		sandbox.faults = [{ call, fault: { kind: 'cutEvery', bytes: 300_000 } }];
		let bytes = Buffer.alloc(0);

		for (let tries = 0; tries < 10 && bytes.length < SIZE; tries++) {
			bytes = Buffer.concat([bytes, (await range(`bytes=${bytes.length}-`)).body]);
		}

		const requests = sandbox.requests.slice(before);
		expect(sha256(bytes)).toBe(sandbox.sha256(id));
		expect(sandbox.counts().bytes - bytesBefore).toBe(SIZE);
		expect(requests.map(({ bytesSent }) => bytesSent)).toEqual([
			300_000, 300_000, 300_000, 100_000,
		]);
		expect(requests.map(({ delivered }) => delivered ?? false)).toEqual([
			false,
			false,
			false,
			true,
		]);
	});
});
