// What Node itself can do: fetches links to files in a folder, all at once, and does nothing else. It
// holds as much as n8n does, as V8 goes through all of that each time it frees the bytes that came.
const { mkdirSync } = require('node:fs');
const { writeFile } = require('node:fs/promises');
const { get } = require('node:http');
const { join } = require('node:path');

const SAMPLE_MS = 50;

const [folder, heapMb, ...links] = process.argv.slice(2);

const held = [];
while (process.memoryUsage().heapUsed < 1e6 * Number(heapMb)) {
	for (let count = 0; count < 1000; count++) held.push({ name: `${held.length}`, values: [count] });
}
global.gc();

const open = (link) =>
	new Promise((resolve, reject) => {
		get(link, resolve).on('error', reject);
	});

async function main() {
	mkdirSync(folder);
	const startRss = process.memoryUsage.rss();
	let peakRss = startRss;
	const look = () => {
		peakRss = Math.max(peakRss, process.memoryUsage.rss());
	};
	const timer = setInterval(look, SAMPLE_MS);
	const startedAt = performance.now();
	const fetch = async (link, index) => await writeFile(join(folder, `${index}`), await open(link));
	await Promise.all(links.map(fetch));
	const tookMs = performance.now() - startedAt;
	clearInterval(timer);
	look();
	const grownMb = (peakRss - startRss) / 1024 / 1024;
	// named here, so that it is held until now
	process.stdout.write(JSON.stringify({ tookMs, grownMb, held: held.length }));
}
void main();
