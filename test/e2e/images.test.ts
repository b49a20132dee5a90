import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { INodeParameters } from 'n8n-workflow';

import { veo, type Step } from '../../scripts/n8n/workflow';
import { isFile } from '../sandbox/server';
import { expectOwnVideos, sha256 } from './support/expectVideos';
import { startFakeService, type FakeService } from './support/fakeService';
import { fixture } from './support/fixture';
import { runSteps } from './support/runSteps';
import { setUp } from './support/setUp';
import { download } from './support/steps';

const first = fixture('first-frame.png');
const last = fixture('last-frame.jpg');

const context = setUp({ sandbox: { jobMs: 500 } });
let service: FakeService;

beforeAll(async () => {
	service = await startFakeService({
		'/first.png': { contentType: 'image/png', body: first },
		'/last.jpg': { contentType: 'image/jpeg', body: last },
	});
});
beforeEach(() => context.sandbox.reset());
afterAll(async () => await service?.close());

const downloadFirst = () => download(`${service.url}/first.png`);

/** Passes the items to the next node without their files. */
const dropFiles: Step = {
	name: 'Prompt',
	type: 'n8n-nodes-base.set',
	typeVersion: 3.4,
	parameters: {
		assignments: {
			assignments: [{ id: '1', name: 'prompt', type: 'string', value: 'A kite' }],
		},
		options: { stripBinary: true },
	},
};

async function run(steps: Step[], parameters: INodeParameters) {
	const step = veo(context.credential, {
		parameters: {
			...{ imageInput: 'image', prompt: 'A kite', options: { pollInterval: 1 } },
			...parameters,
		},
	});
	return (await runSteps(context, 'Images', [...steps, step])).execution;
}

/** Runs the workflow, which must return its video. @returns SHA-256 of the images that were sent */
async function imagesSent(steps: Step[], parameters: INodeParameters): Promise<string[]> {
	const execution = await run(steps, parameters);
	expect(execution.error).toBeUndefined();
	await expectOwnVideos(context, execution.itemsOf('Veo'));
	return context.sandbox.tasks.flatMap(({ parts }) =>
		parts.filter(isFile).map((part) => part.sha256),
	);
}

describe('an image', () => {
	it('comes from a field', async () => {
		expect(await imagesSent([downloadFirst()], {})).toEqual([sha256(first)]);
	});

	it.each([
		["{{ $('Download').item.binary.data }}", 'an earlier node'],
		["{{ $('Download').first().binary.data }}", 'the first item of an earlier node'],
		["{{ $('Download').all()[0].binary.data }}", 'all items of an earlier node'],
	])('comes from the expression %s, which returns %s', async (expression) => {
		const steps = [downloadFirst(), dropFiles];
		expect(await imagesSent(steps, { imageField: `=${expression}` })).toEqual([sha256(first)]);
	});

	it.each(['{{ $binary.data }}', '{{ $input.item.binary.data }}'])(
		'comes from the expression %s, which returns the input',
		async (expression) => {
			const sent = await imagesSent([downloadFirst()], { imageField: `=${expression}` });
			expect(sent).toEqual([sha256(first)]);
		},
	);

	it("comes from a file on disk, by {{ $('Read File').item.binary.data }}", async () => {
		// the only folder that n8n 2.x lets workflows read from
		const folder = join(context.n8n.userFolder, '.n8n-files');
		await mkdir(folder, { recursive: true });
		const fileSelector = join(folder, 'first.png');
		await writeFile(fileSelector, first);
		const readFile: Step = {
			name: 'Read File',
			type: 'n8n-nodes-base.readWriteFile',
			parameters: { fileSelector, options: {} },
		};
		const imageField = "={{ $('Read File').item.binary.data }}";
		expect(await imagesSent([readFile], { imageField })).toEqual([sha256(first)]);
		context.sandbox.reset();
		expect(await imagesSent([readFile, dropFiles], { imageField })).toEqual([sha256(first)]);
	});

	it('comes from a URL', async () => {
		const imageUrl = `${service.url}/first.png`;
		const sent = await imagesSent([], { imageSource: 'url', imageUrl });
		expect(sent).toEqual([sha256(first)]);
	});
});

it('a first and a last frame come from URLs, in this order', async () => {
	const sent = await imagesSent([], {
		...{ imageInput: 'frames', imageSource: 'url' },
		firstFrameUrl: `${service.url}/first.png`,
		lastFrameUrl: `${service.url}/last.jpg`,
	});
	expect(sent).toEqual([sha256(first), sha256(last)]);
});

it('a missing image is reported before anything is sent', async () => {
	const { error } = await run([downloadFirst()], { imageField: 'picture' });
	expect(error?.message).toContain("the input has no binary field 'picture'");
	expect(context.sandbox.requests).toHaveLength(0);
});
