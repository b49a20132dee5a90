import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { ensureN8n } from './install';

export type Row = Record<string, string | number | null>;

/** Runs on n8n's version of Node, which has SQLite. */
const SCRIPT = `
	const { DatabaseSync } = require('node:sqlite');
	const [file, sql, values] = process.argv.slice(1);
	const rows = new DatabaseSync(file).prepare(sql).all(...JSON.parse(values));
	console.log(JSON.stringify(rows));`;

/** Runs a statement in n8n's SQLite database. n8n must not be running when a statement changes data. */
export async function query(
	{ userFolder }: { userFolder: string },
	sql: string,
	...values: Array<Row[string]>
): Promise<Row[]> {
	const { node } = await ensureN8n();
	const file = join(userFolder, '.n8n', 'database.sqlite');
	const args = ['--no-warnings', '-e', SCRIPT, file, sql, JSON.stringify(values)];
	return JSON.parse((await promisify(execFile)(node, args)).stdout) as Row[];
}

/** Inserts a row with these columns. */
export async function insert(n8n: { userFolder: string }, table: string, row: Row): Promise<void> {
	const columns = Object.keys(row).map((name) => `"${name}"`);
	const marks = columns.map(() => '?');
	await query(
		n8n,
		`INSERT INTO ${table} (${columns.join()}) VALUES (${marks.join()})`,
		...Object.values(row),
	);
}
