// Preloaded into n8n: writes how long the files of a package took to be loaded, in ms, to a file.
const { appendFileSync } = require('node:fs');
const { Module } = require('node:module');

const { TIMED_PACKAGE, LOAD_TIMES } = process.env;
const load = Module._load;
let isInside = false;

Module._load = function (name, ...rest) {
	const isTimed = !isInside && `${name}`.includes(`/node_modules/${TIMED_PACKAGE}/`);
	if (!isTimed) return load.call(this, name, ...rest);
	isInside = true;
	const startedAt = performance.now();
	try {
		return load.call(this, name, ...rest);
	} finally {
		appendFileSync(LOAD_TIMES, `${performance.now() - startedAt}\n`);
		isInside = false;
	}
};
