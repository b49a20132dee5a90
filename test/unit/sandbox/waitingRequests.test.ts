import { eventually, setUp } from './setUp';
import { wire } from './wire';

it('holds a hanging request until its client closes the connection', async () => {
	const { sandbox } = await setUp({ faults: [{ call: 'models', fault: { kind: 'hang' } }] });
	const client = new AbortController();

	const ended = wire(`${sandbox.baseUrl}/v1/models`, { signal: client.signal });
	await eventually(() => sandbox.held === 1);
	client.abort();

	expect(await ended).toMatchObject({ status: undefined });
	await eventually(() => sandbox.held === 0 && sandbox.active === 0);
});

it('ends waiting requests when it closes', async () => {
	const { sandbox, get } = await setUp({ faults: [{ call: 'models', fault: { kind: 'hang' } }] });

	const ended = expect(get('/v1/models')).rejects.toThrow('fetch failed');
	await eventually(() => sandbox.held === 1);
	await sandbox.close();

	await ended;
	expect([sandbox.held, sandbox.active]).toEqual([0, 0]);
});

it('delays every response by its clock, and counts it as held until then', async () => {
	const { sandbox, clock } = await setUp({ latencyMs: 300 });
	const client = new AbortController();

	const responded = wire(`${sandbox.baseUrl}/`);
	const dropped = wire(sandbox.baseUrl, { signal: client.signal });
	await eventually(() => sandbox.held === 2);
	client.abort();
	await dropped;
	await eventually(() => sandbox.held === 1 && sandbox.active === 1);
	clock.advance(300);

	expect(await responded).toMatchObject({ status: 200, complete: true });
	await eventually(() => sandbox.held === 0 && sandbox.active === 0);
	expect(sandbox.requests.map(({ status }) => status).sort()).toEqual([200, undefined]);
});

it('does not count a file as delivered when its client closes the connection midway', async () => {
	const { sandbox, completed } = await setUp({ video: { sizeBytes: 60_000_000 } });
	const { file } = await completed();

	await wire(file, { closeAt: 1 });

	await eventually(() => sandbox.active === 0);
	expect(sandbox.counts()).toMatchObject({ files: 1, delivered: 0 });
});
