// Requires an installed package as n8n does, uses it, and prints as JSON which modules that loads.
const { Module } = require('node:module');
const { join, relative, sep } = require('node:path');

const folder = process.argv[2];
const isOwn = (file) => file.startsWith(folder + sep);

// n8n has loaded it long before any node.
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

async function main() {
	const modules = [...n8n.nodes, ...n8n.credentials].map((file) => require(join(folder, file)));
	const filesAtStart = loaded().map((file) => relative(folder, file));

	const node = new modules[0].Veo();
	await node.execute.call({ getInputData: () => [] });
	const helpers = { httpRequest: async () => ({ data: [] }) };
	const context = { getCredentials: async () => ({}), helpers };
	await node.methods.listSearch.searchModels.call(context);

	const files = loaded();
	const result = {
		names: [...names].sort(),
		filesAtStart,
		ownFiles: files.filter(isOwn).length,
		foreignFiles: files.filter((file) => !isOwn(file)),
	};
	process.stdout.write(JSON.stringify(result));
}
void main();
