import http from 'node:http';
import { eventually, form, KEY, setUp } from './setUp';
import { wire } from './wire';

it('holds a hanging request until its client closes the connection', async () => {
	const { sandbox } = await setUp({
		faults: [{ call: 'create', fault: { kind: 'hang', created: false } }],
	});
	const client = new AbortController();
	const headers = { authorization: `Bearer ${KEY}` };

	const pending = fetch(`${sandbox.baseUrl}/v1/videos`, {
		...{ method: 'POST', headers, body: form(), signal: client.signal },
	});
	await eventually(() => sandbox.held === 1);
	client.abort();

	await expect(pending).rejects.toThrow('aborted');
	await eventually(() => sandbox.held === 0 && sandbox.active === 0);
	expect(sandbox.tasks).toHaveLength(0);
});

it('ends waiting requests when it closes', async () => {
	const { sandbox, get } = await setUp({ faults: [{ call: 'models', fault: { kind: 'hang' } }] });

	const ended = expect(get('/v1/models')).rejects.toThrow('fetch failed');
	await eventually(() => sandbox.held === 1);
	await sandbox.close();

	await ended;
	expect([sandbox.held, sandbox.active]).toEqual([0, 0]);
});

it('delays every answer by its clock, and counts it as held until then', async () => {
	const { sandbox, clock } = await setUp({ latencyMs: 300 });

	const [answered, dropped] = [wire(`${sandbox.baseUrl}/`), wire(sandbox.baseUrl, { forMs: 60 })];
	await eventually(() => sandbox.held === 2);
	await dropped;
	await eventually(() => sandbox.held === 1 && sandbox.active === 1);
	clock.advance(300);

	expect(await answered).toMatchObject({ status: 200, complete: true });
	await eventually(() => sandbox.held === 0 && sandbox.active === 0);
	expect(sandbox.requests.map(({ status }) => status).sort()).toEqual([200, undefined]);
});

it('does not count a file as delivered when its client closes the connection midway', async () => {
	const { sandbox, completed } = await setUp({ video: { sizeBytes: 60_000_000 } });
	const { file } = await completed();

	await new Promise<void>((resolve) => {
		const request = http.get(file, (response) =>
			response.once('data', () => resolve(void request.destroy())),
		);
	});

	await eventually(() => sandbox.active === 0);
	expect(sandbox.counts()).toMatchObject({ files: 1, delivered: 0 });
});
