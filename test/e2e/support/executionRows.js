// Reads or writes the rows of n8n's waiting executions. Runs on n8n's Node, which has SQLite.
const { readFileSync } = require('node:fs');
const { DatabaseSync } = require('node:sqlite');

const TABLES = ['execution_entity', 'execution_data'];
const WAITING = "(SELECT id FROM execution_entity WHERE status = 'waiting')";
const IDS = { execution_entity: 'id', execution_data: 'executionId' };

const [mode, file] = process.argv.slice(2);
const database = new DatabaseSync(file);
if (mode === 'read') {
	const queryOf = (table) => `SELECT * FROM ${table} WHERE ${IDS[table]} IN ${WAITING}`;
	const rowsOf = (table) => [table, database.prepare(queryOf(table)).all()];
	console.log(JSON.stringify(Object.fromEntries(TABLES.map(rowsOf))));
} else {
	const tables = JSON.parse(readFileSync(0, 'utf8'));
	for (const table of TABLES) {
		for (const row of tables[table]) {
			const columns = Object.keys(row);
			const values = columns.map(() => '?').join(', ');
			const insert = `INSERT INTO ${table} ("${columns.join('", "')}") VALUES (${values})`;
			database.prepare(insert).run(...Object.values(row));
		}
	}
}
