import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { MultiBar, type SingleBar } from 'cli-progress';
import type { IExecuteFunctions, IHttpRequestOptions, INodeType } from 'n8n-workflow';
import { DEFAULT_MODEL, limits } from '../nodes/Veo/limits';
import { usdText } from '../nodes/Veo/messages/phrases';
import { parseBaseUrl } from '../nodes/Veo/transport/baseUrl';
import { findModel, readCatalogue } from '../nodes/Veo/transport/catalogue';
import { CREDENTIAL_TYPE } from '../nodes/Veo/transport/credential';
import { startSandbox, type Sandbox } from '../test/sandbox/server';
import { Engine, fileOf, type InputItem } from '../test/support/engine';
import { core, removeUserFolder } from '../test/support/n8n';

const PROJECT = join(__dirname, '..');
const OUTPUT = join(PROJECT, 'demo-output');
/** The duration of each of the sandbox's videos. */
const JOB_MS = [9_000, 6_000, 8_000];

async function readItems(): Promise<InputItem[]> {
	const image = async (fileName: string, mimeType: string) => {
		const bytes = await readFile(join(PROJECT, 'test/sandbox/fixtures', fileName));
		return { fileName, mimeType, bytes };
	};
	const item = (name: string, size: string, imageInput: string, prompt: string) => ({
		json: { name, size, imageInput, prompt },
	});
	return [
		item('text-to-video', '16x9', 'none', 'A paper kite floats above a field'),
		{
			...item('image-to-video', '9x16', 'image', 'The product turns slowly in soft light'),
			files: { data: await image('product.webp', 'image/webp') },
		},
		{
			...item('first-and-last-frame', '16x9', 'frames', 'The sun sets over the sea; night falls'),
			files: {
				firstFrame: await image('first-frame.png', 'image/png'),
				lastFrame: await image('last-frame.jpg', 'image/jpeg'),
			},
		},
	];
}

/** @param sandbox if given, the downloaded files are compared with its files */
async function createVideos(apiKey: string, baseUrl: string, sandbox?: Sandbox): Promise<void> {
	const loader = new core.PackageDirectoryLoader(PROJECT);
	await loader.loadAll();
	const node = loader.getNode('veo').type as INodeType;
	const engine = new Engine(node, loader.getCredential(CREDENTIAL_TYPE).type);
	const items = await readItems();
	const names = items.map(({ json }) => String(json?.name));
	const progress = showProgress(names);
	const run = engine.run({
		credential: { apiKey, baseUrl },
		items,
		parameters: {
			operation: 'createAndWait',
			prompt: '={{ $json.prompt }}',
			size: '={{ $json.size }}',
			imageInput: '={{ $json.imageInput }}',
			options: sandbox ? { pollInterval: 1 } : {},
		},
		onLog: progress.onLog,
	});
	const { items: videos, error } = await run.finally(progress.stop);
	if (error) throw new Error([error.message, error.description].join('\n'));

	await mkdir(OUTPUT, { recursive: true });
	const rows = [];
	for (const [index, name] of names.entries()) {
		const { id, model } = videos[index].json as { id: string; model: string };
		const file = join(OUTPUT, `${name}.mp4`);
		const bytes = await fileOf(videos[index]);
		await writeFile(file, bytes);
		const hash = createHash('sha256').update(bytes).digest('hex');
		if (sandbox && hash !== sandbox.sha256(id)) throw new Error(`${file} is not the task's file`);
		rows.push({ task: id, model, bytes: bytes.length, file: relative(PROJECT, file) });
	}
	console.table(rows);
}

/** The cost of the videos, by CometAPI's price list. */
async function estimateCost(baseUrl: string): Promise<string> {
	const httpRequest = async ({ url, qs, timeout = 0 }: IHttpRequestOptions) => {
		const query = new URLSearchParams(qs as Record<string, string>);
		const signal = AbortSignal.timeout(timeout);
		const { body } = await fetch(`${baseUrl}${url}?${query}`, { signal });
		return Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]);
	};
	const context = { helpers: { httpRequest } } as unknown as IExecuteFunctions;
	const server = { baseURL: baseUrl, hideKey: (text: string) => text };
	const models = await readCatalogue(context, server).catch(() => []);
	const price = findModel(models, DEFAULT_MODEL)?.price;
	if (price?.currency !== 'USD') return 'an unknown amount, because its price is not listed';
	const seconds = price.per === 'second' ? limits.estimatedDurationS : 1;
	return `about ${usdText(JOB_MS.length * seconds * price.amount)}`;
}

/** Shows the task ID of each video and its progress, based on the node's log. */
function showProgress(names: string[]) {
	const width = Math.max(...names.map((name) => name.length));
	const format = '{name} {bar} {percentage}% {duration_formatted} {status}';
	const bars = new MultiBar({ format, noTTYOutput: true, notTTYSchedule: 2_000 });
	const all = names.map((name) => bars.create(100, 0, { name: name.padEnd(width), status: '' }));
	const byTask = new Map<unknown, SingleBar>();
	const onLog = ({ taskId, itemIndex, status, progress }: Record<string, unknown>) => {
		const isCreated = typeof itemIndex === 'number';
		if (isCreated) byTask.set(taskId, all[itemIndex]);
		const bar = byTask.get(taskId);
		bar?.update(status === 'completed' ? 100 : Number(progress ?? 0), { status: status ?? 'sent' });
		if (isCreated) {
			bars.log(`${names[itemIndex].padEnd(width)} is task ${taskId}\n`);
			bars.update();
		}
		if (status === 'completed') bar?.stop();
	};
	return { onLog, stop: () => bars.stop() };
}

async function main(): Promise<void> {
	const { COMETAPI_KEY: apiKey, COMETAPI_BASE_URL } = process.env;
	const { url: baseUrl } = parseBaseUrl(COMETAPI_BASE_URL);
	if (apiKey) {
		const cost = await estimateCost(baseUrl);
		console.log(`COMETAPI_KEY is set: creating three videos with ${DEFAULT_MODEL} at ${baseUrl}.`);
		console.log(`THIS COSTS ${cost}. Press Ctrl+C within 10 seconds to stop.\n`);
		await sleep(10_000);
		return await createVideos(apiKey, baseUrl);
	}
	const sandbox = await startSandbox({ jobMs: (index) => JOB_MS[index] });
	console.log(`Using a sandbox of CometAPI at ${sandbox.baseUrl}, which is free of charge.\n`);
	const created = createVideos(sandbox.apiKey, sandbox.baseUrl, sandbox);
	await created.finally(async () => await sandbox.close());
}

process.on('exit', removeUserFolder);
// after the progress bars' own listener, which resets the terminal
const end = (exitCode: number) => setImmediate(() => process.exit(exitCode));
process.on('SIGHUP', () => end(129));
process.on('SIGINT', () => end(130));
process.on('SIGTERM', () => end(143));
main().catch((error: Error) => {
	console.error(error.message);
	process.exitCode = 1;
});
