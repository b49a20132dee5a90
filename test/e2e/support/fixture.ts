import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One of the sandbox's pictures and videos. */
export const fixture = (name: string) =>
	readFileSync(join(__dirname, '../../sandbox/fixtures', name));
