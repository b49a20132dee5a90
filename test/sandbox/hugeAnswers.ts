import { gzipSync } from 'node:zlib';

const MEGABYTE = Buffer.alloc(1_000_000, 'a');

/** One JSON object around a very long string. */
export function* hugeJson(megabytes: number): Generator<Buffer> {
	yield Buffer.from('{"id":"task_huge","status":"queued","padding":"');
	for (let sent = 0; sent < megabytes; sent++) yield MEGABYTE;
	yield Buffer.from('"}');
}

/** `hugeJson` as gzip. Each member is compressed separately, which HTTP clients accept. */
export function* gzipBomb(megabytes: number): Generator<Buffer> {
	const compressed = gzipSync(MEGABYTE);
	for (const chunk of hugeJson(megabytes)) {
		yield chunk === MEGABYTE ? compressed : gzipSync(chunk);
	}
}
