import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { freePort, startServer } from '../../../../scripts/n8n/server';
import { shared } from '../shared';

const exec = promisify(execFile);

export interface Redis {
	port: number;
	/** The number of executions that workers are running. */
	activeJobs: () => Promise<number>;
	stop: () => Promise<void>;
}

/** Starts a Redis server without persistence. */
export async function startRedis(): Promise<Redis> {
	const folder = await mkdtemp(join(shared.get().folder, 'redis-'));
	const port = await freePort();
	const run = async (...command: string[]) => {
		const { stdout } = await exec('redis-cli', ['-h', '127.0.0.1', '-p', `${port}`, ...command]);
		return stdout.trim();
	};
	const { stop } = await startServer({
		name: 'Redis',
		command: [
			...['redis-server', '--bind', '127.0.0.1', '--port', `${port}`],
			...['--save', '', '--appendonly', 'no', '--dir', folder],
		],
		folder,
		logFile: join(folder, 'redis.log'),
		isReady: async () => (await run('ping')) === 'PONG',
	});
	return { port, activeJobs: async () => Number(await run('llen', 'bull:jobs:active')), stop };
}
