// Requires what an installed package gives to n8n and prints, as JSON, what that pulls in.
const { Module } = require('node:module');
const { join, sep } = require('node:path');

const folder = process.argv[2];
const isOwn = (file) => file.startsWith(folder + sep);

// As in n8n, where it is there long before any node.
require('n8n-workflow');
const { n8n } = require(join(folder, 'package.json'));
const before = new Set(Object.keys(require.cache));

const names = new Set();
const load = Module._load;
Module._load = function (name, parent, ...rest) {
	if (isOwn(parent?.filename ?? '') && !name.startsWith('.')) names.add(name);
	return load.call(this, name, parent, ...rest);
};

const start = performance.now();
for (const file of [...n8n.nodes, ...n8n.credentials]) require(join(folder, file));
const ms = performance.now() - start;

const files = Object.keys(require.cache).filter((file) => !before.has(file));
process.stdout.write(
	JSON.stringify({
		names: [...names].sort(),
		ownFiles: files.filter(isOwn).length,
		foreignFiles: files.filter((file) => !isOwn(file)),
		ms,
	}),
);
