import { once } from 'node:events';
import { createServer } from 'node:net';

import { editorPort } from '../../scripts/dev/port';
import { freePort } from '../../scripts/n8n/server';

/** On Linux; other systems start at 49152. */
const FIRST_EPHEMERAL_PORT = 32_768;

it("a free port is never one that another server's client may get before it is used", async () => {
	for (let nth = 0; nth < 50; nth++) {
		expect(await freePort()).toBeLessThan(FIRST_EPHEMERAL_PORT);
	}
});

it('a wanted port is used, and never replaced by another', async () => {
	const port = await freePort();
	expect(await freePort(port)).toBe(port);
	const server = createServer().listen(port, '127.0.0.1');
	await once(server, 'listening');
	const refused = expect(freePort(port)).rejects.toThrow('EADDRINUSE');
	await refused.finally(() => server.close());
});

it('npm run dev proposes the next free port when the wanted one is taken', async () => {
	const port = await freePort();
	expect(await editorPort(port)).toBe(port);
	const server = createServer().listen(port, '127.0.0.1');
	await once(server, 'listening');
	const error: Error = await editorPort(port).catch((caught) => caught);
	server.close();
	expect(error.message).toMatch(new RegExp(`^Port ${port} is taken.* npm run dev -- --port \\d+$`));
	const [proposed] = /\d+$/.exec(error.message)!;
	expect(await editorPort(Number(proposed))).toBeGreaterThan(port);
});
