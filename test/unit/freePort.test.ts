import { once } from 'node:events';
import { createServer } from 'node:net';

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
