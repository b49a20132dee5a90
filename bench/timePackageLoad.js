// Preloaded into n8n: writes to a file how long each load from a package takes, in ms.
const { appendFileSync } = require('node:fs');
const { Module } = require('node:module');

const { TIMED_PACKAGE, LOAD_TIMES } = process.env;
const load = Module._load;

Module._load = function (name, ...rest) {
	const startedAt = performance.now();
	const loaded = load.call(this, name, ...rest);
	// n8n loads by full path; the package's own loads are relative and included in that time
	if (`${name}`.includes(`/node_modules/${TIMED_PACKAGE}/`)) {
		appendFileSync(LOAD_TIMES, `${performance.now() - startedAt}\n`);
	}
	return loaded;
};
