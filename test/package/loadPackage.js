// Loads an installed package with n8n's own loader and prints the loaded types as JSON.
// n8n also uses NODE_PATH to give community packages its modules.
const { createRequire } = require('node:module');

const requireFromCore = createRequire(require.resolve('n8n-core'));
requireFromCore('reflect-metadata');
const { PackageDirectoryLoader } = requireFromCore('n8n-core');

const loader = new PackageDirectoryLoader(process.argv[2]);
loader.loadAll().then(() => {
	const { known, types } = loader;
	process.stdout.write(JSON.stringify({ known, types }));
});
