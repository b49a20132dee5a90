import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { MultiBar } from 'cli-progress';
import type { SingleBar } from 'cli-progress';
import type { INodeType } from 'n8n-workflow';

import { startSandbox } from '../test/sandbox/server';
import { Engine, fileOf } from '../test/support/engine';
import type { InputFile, InputItem } from '../test/support/engine';
import { core, removeUserFolder } from '../test/support/n8n';

const ROOT = join(__dirname, '..');
const OUTPUT = join(ROOT, 'demo-output');
const JOB_MS = [9_000, 6_000, 8_000];

interface Server {
	apiKey: string;
	baseUrl: string;
	/** What the file of a task must be, where that is known. */
	sha256?: (taskId: string) => string;
	close: () => Promise<void>;
}

async function main(): Promise<void> {
	const server = process.env.COMETAPI_KEY ? await realCometApi() : await sandbox();
	try {
		await makeVideos(server);
	} finally {
		await server.close();
		removeUserFolder();
	}
}

async function sandbox(): Promise<Server> {
	const started = await startSandbox({ jobMs: (index) => JOB_MS[index] });
	console.log(
		`A sandbox stands in for CometAPI at ${started.baseUrl}; nothing here costs money.\n`,
	);
	return {
		apiKey: started.apiKey,
		baseUrl: started.baseUrl,
		sha256: (taskId) => started.sha256(taskId),
		close: async () => await started.close(),
	};
}

async function realCometApi(): Promise<Server> {
	const baseUrl = process.env.COMETAPI_BASE_URL ?? 'https://api.cometapi.com';
	console.log(`COMETAPI_KEY is set: three videos will be made at ${baseUrl}. THIS COSTS MONEY.`);
	console.log('Press Ctrl+C within 10 seconds to stop.\n');
	await pause(10_000);
	return { apiKey: process.env.COMETAPI_KEY!, baseUrl, close: async () => undefined };
}

/** The package as it would be installed: from `dist`, by n8n's own loader. */
async function loadEngine(): Promise<Engine> {
	const loader = new core.PackageDirectoryLoader(ROOT);
	await loader.loadAll();
	return new Engine(
		loader.getNode('veo').type as INodeType,
		loader.getCredential('cometApiVeoApi').type,
	);
}

async function makeVideos({ apiKey, baseUrl, sha256 }: Server): Promise<void> {
	const items = await inputItems();
	const engine = await loadEngine();
	const progress = showProgress(items.map(({ json }) => String(json?.name)));
	const run = engine.run({
		credential: { apiKey, baseUrl },
		items,
		parameters: {
			operation: 'createAndWait',
			prompt: '={{ $json.prompt }}',
			size: '={{ $json.size }}',
			imageInput: '={{ $json.imageInput }}',
			options: sha256 ? { pollInterval: 1 } : {},
		},
		onLog: progress.onLog,
	});
	const { items: outputs, error } = await run.finally(progress.stop);
	if (error) throw new Error([error.message, error.description].join('\n'));
	if (outputs.length !== items.length) {
		throw new Error(`${outputs.length} of ${items.length} videos came out`);
	}

	await mkdir(OUTPUT, { recursive: true });
	const rows = [];
	for (const [index, item] of outputs.entries()) {
		const { id, model } = item.json as { id: string; model: string };
		const file = join(OUTPUT, `${String(items[index].json?.name)}.mp4`);
		const bytes = await fileOf(item);
		await writeFile(file, bytes);
		const hash = createHash('sha256').update(bytes).digest('hex');
		if (sha256 && hash !== sha256(id)) throw new Error(`${file} is not the file that was served`);
		const seconds = progress.seconds(id);
		rows.push({ task: id, model, seconds, bytes: bytes.length, file: relative(ROOT, file) });
	}
	console.table(rows);
}

async function inputItems(): Promise<InputItem[]> {
	const image = async (fileName: string, mimeType: string): Promise<InputFile> => ({
		fileName,
		mimeType,
		bytes: await readFile(join(ROOT, 'test/sandbox/fixtures', fileName)),
	});
	return [
		{
			json: {
				name: 'text-to-video',
				prompt: 'A paper kite floats above a field',
				size: '16x9',
				imageInput: 'none',
			},
		},
		{
			json: {
				name: 'image-to-video',
				prompt: 'The product turns slowly in soft light',
				size: '9x16',
				imageInput: 'image',
			},
			files: { data: await image('product.webp', 'image/webp') },
		},
		{
			json: {
				name: 'first-and-last-frame',
				prompt: 'The sun sets over the sea and the night falls',
				size: '16x9',
				imageInput: 'frames',
			},
			files: {
				firstFrame: await image('first-frame.png', 'image/png'),
				lastFrame: await image('last-frame.jpg', 'image/jpeg'),
			},
		},
	];
}

/** A line for each video, from what the node logs of its tasks. */
function showProgress(names: string[]) {
	const bars = new MultiBar({
		format: '{name} {bar} {percentage}% {status}',
		noTTYOutput: true,
		notTTYSchedule: 2_000,
		hideCursor: true,
	});
	const width = Math.max(...names.map((name) => name.length));
	const lines = names.map((name) => {
		return bars.create(100, 0, { name: name.padEnd(width), status: 'waiting' });
	});
	const byTask = new Map<unknown, { line: SingleBar; startedAt: number; endedAt?: number }>();
	return {
		onLog: ({ taskId, itemIndex, status, progress }: Record<string, unknown>) => {
			if (typeof itemIndex === 'number') {
				byTask.set(taskId, { line: lines[itemIndex], startedAt: Date.now() });
			}
			const task = byTask.get(taskId);
			if (!task) return;
			const isDone = status === 'completed';
			if (isDone) task.endedAt = Date.now();
			task.line.update(isDone ? 100 : Number(progress ?? 0), { status: String(status ?? 'sent') });
		},
		stop: () => bars.stop(),
		seconds: (taskId: string) => {
			const { startedAt = 0, endedAt = 0 } = byTask.get(taskId) ?? {};
			return Math.round((endedAt - startedAt) / 100) / 10;
		},
	};
}

main().catch((error: Error) => {
	console.error(error.message);
	process.exitCode = 1;
});
