// Requires an installed package as n8n does, then its other files, and prints the loaded modules.
const { readdirSync } = require('node:fs');
const { Module } = require('node:module');
const { join, relative, sep } = require('node:path');

const folder = process.argv[2];
const isOwn = (file) => file.startsWith(folder + sep);

// n8n loads it long before any node
require('n8n-workflow');
const { n8n } = require(join(folder, 'package.json'));
const before = new Set(Object.keys(require.cache));
const loaded = () => Object.keys(require.cache).filter((file) => !before.has(file));

const names = new Set();
const load = Module._load;
Module._load = function (name, parent, ...rest) {
	if (isOwn(parent?.filename ?? '') && !name.startsWith('.')) names.add(name);
	return load.call(this, name, parent, ...rest);
};

function main() {
	for (const file of [...n8n.nodes, ...n8n.credentials]) require(join(folder, file));
	const filesAtStart = loaded().map((file) => relative(folder, file));

	const dist = join(folder, 'dist');
	for (const file of readdirSync(dist, { recursive: true })) {
		if (file.endsWith('.js')) require(join(dist, file));
	}

	const files = loaded();
	const result = {
		names: [...names].sort(),
		filesAtStart,
		ownFiles: files.filter(isOwn).length,
		foreignFiles: files.filter((file) => !isOwn(file)),
	};
	process.stdout.write(JSON.stringify(result));
}
main();
