// Loaded into n8n: at SIGUSR2, it frees what can be freed, and writes how much is still in use.
const { renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

const file = join(process.env.N8N_USER_FOLDER, 'held-memory');

process.on('SIGUSR2', () => {
	collectGarbage();
	// V8 frees buffers after a collection, not in it
	setImmediate(() => {
		collectGarbage();
		const { heapUsed, external } = process.memoryUsage();
		writeFileSync(`${file}.new`, String(heapUsed + external));
		renameSync(`${file}.new`, file);
	});
});
