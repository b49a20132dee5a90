import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An image or video from the sandbox's fixtures. */
export const fixture = (name: string) =>
	readFileSync(join(__dirname, '../../sandbox/fixtures', name));
