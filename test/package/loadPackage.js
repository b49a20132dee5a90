// Loads an installed package with n8n's own loader and prints, as JSON, what n8n knows of it then.
// n8n finds its modules for community packages by NODE_PATH too.
const { createRequire } = require('node:module');

const requireFromCore = createRequire(require.resolve('n8n-core'));
requireFromCore('reflect-metadata');
const { PackageDirectoryLoader } = requireFromCore('n8n-core');

const loader = new PackageDirectoryLoader(process.argv[2]);
loader.loadAll().then(() => {
	const { known, types } = loader;
	process.stdout.write(JSON.stringify({ known, types }));
});
