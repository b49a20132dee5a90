import { execFile } from 'node:child_process';
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { freePort, startServer } from '../../../../scripts/n8n/server';
import { DATABASE, USER } from './settings';

const exec = promisify(execFile);

/** Debian's folder of installed PostgreSQL versions. */
const VERSIONS = '/usr/lib/postgresql';

export interface Postgres {
	port: number;
	/** @returns rows of columns, all as text */
	query: (sql: string) => Promise<string[][]>;
	stop: () => Promise<void>;
}

/** Creates and starts a database cluster; stopping it deletes its files. */
export async function startPostgres(): Promise<Postgres> {
	const bin = await newestBin();
	const user = await unprivilegedUser();
	// outside the tests' folder, which that user cannot access
	const folder = await mkdtemp(join(tmpdir(), 'veo-postgres-'));
	if (user) await chown(folder, user.uid, user.gid);
	const data = join(folder, 'data');
	await exec(
		join(bin, 'initdb'),
		['-D', data, '-U', USER, '-E', 'UTF8', '--locale=C', '--auth=trust', '--no-sync'],
		{ cwd: folder, ...user },
	);
	const port = await freePort();
	const address = ['-h', '127.0.0.1', '-p', `${port}`, '-U', USER, '-d', DATABASE];
	const settings = {
		...{ port, listen_addresses: '127.0.0.1', unix_socket_directories: '' },
		// faster, and losing data in a crash is harmless here
		...{ fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
	};
	const server = await startServer({
		name: 'PostgreSQL',
		command: [
			...[join(bin, 'postgres'), '-D', data],
			...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
		],
		folder,
		logFile: join(folder, 'postgres.log'),
		user,
		// PostgreSQL's "fast" shutdown does not wait for clients to disconnect
		stopSignal: 'SIGINT',
		isReady: async () => !!(await exec(join(bin, 'pg_isready'), address)),
	});
	return {
		port,
		query: async (sql) => {
			const { stdout } = await exec(join(bin, 'psql'), [...address, '-XAtq', '-F\t', '-c', sql]);
			const rows = stdout.trimEnd();
			return rows ? rows.split('\n').map((row) => row.split('\t')) : [];
		},
		stop: async () => {
			await server.stop();
			await rm(folder, { recursive: true, force: true, maxRetries: 3 });
		},
	};
}

async function newestBin(): Promise<string> {
	const versions = (await readdir(VERSIONS)).map(Number).sort((a, b) => b - a);
	return join(VERSIONS, `${versions[0]}`, 'bin');
}

/** PostgreSQL refuses to run as root; Debian's package creates a user for it. */
async function unprivilegedUser() {
	if (process.getuid?.() !== 0) return undefined;
	const id = async (flag: string) => Number((await exec('id', [flag, 'postgres'])).stdout);
	return { uid: await id('-u'), gid: await id('-g') };
}
