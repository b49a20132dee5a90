import { Readable } from 'node:stream';

import { readStart, readText } from '../../nodes/Veo/transport/body';

const TEXT = 'é, ü';

it.each<[contentType: string | undefined, bytes: Buffer]>([
	['application/json; charset=iso-8859-1', Buffer.from(TEXT, 'latin1')],
	['text/plain;charset="ISO-8859-1"', Buffer.from(TEXT, 'latin1')],
	['text/plain; charset=utf-16le', Buffer.from(TEXT, 'utf16le')],
	['text/plain; charset=unknown', Buffer.from(TEXT)],
	['application/json', Buffer.from(`\ufeff${TEXT}`)],
	[undefined, Buffer.from(TEXT)],
])('a response is read in the charset of its header: %s', async (contentType, bytes) => {
	const options = { maxBytes: 100, timeoutMs: 1_000, contentType };
	expect(await readText(Readable.from([bytes]), options)).toBe(TEXT);
	expect(await readStart(Readable.from([bytes]), contentType)).toBe(TEXT);
});

it('a response in GBK is read', async () => {
	const bytes = Buffer.from('d3e0b6ee', 'hex');
	expect(await readStart(Readable.from([bytes]), 'text/html; charset=GBK')).toBe('余额');
});
