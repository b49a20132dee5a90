import { Workflow } from 'n8n-workflow';
import type { ICredentialDataDecryptedObject, INodeTypes } from 'n8n-workflow';

import { CometApiVeoApi } from '../../credentials/CometApiVeoApi.credentials';
import { clock } from '../../nodes/Veo/clock';
import { Veo } from '../../nodes/Veo/Veo.node';
import { startSandbox } from '../sandbox/server';
import type { Fault, Sandbox } from '../sandbox/server';
import { credentialsHelper } from '../support/credentials';
import { core, logger } from '../support/n8n';

const veo = new Veo();
let sandbox: Sandbox;
let startedAt = 0;

beforeEach(() => {
	// past what the tests before have put into the cache
	startedAt += 3_600_000;
	jest.spyOn(clock, 'now').mockReturnValue(startedAt);
});

beforeAll(async () => {
	sandbox = await startSandbox();
});

afterEach(() => sandbox.reset());

afterAll(async () => await sandbox.close());

/** What the list in the editor shows, asked for as n8n does. */
async function search(filter?: string, credential?: ICredentialDataDecryptedObject) {
	const nodeTypes = { getByNameAndVersion: () => veo } as unknown as INodeTypes;
	const node = {
		...{ id: '1', name: 'Veo', type: 'veo', typeVersion: 1, position: [0, 0] as [number, number] },
		...{ parameters: {}, credentials: { cometApi: { id: '1', name: 'CometAPI' } } },
	};
	const workflow = new Workflow({ active: false, connections: {}, nodeTypes, nodes: [node] });
	const stored = credential ?? { apiKey: sandbox.apiKey, baseUrl: sandbox.baseUrl };
	const context = new core.LoadOptionsContext(
		workflow,
		node,
		{ credentialsHelper: credentialsHelper(new CometApiVeoApi(), stored) } as never,
		'parameters.model',
	);
	const { results } = await veo.methods.listSearch.searchModels.call(context, filter);
	return results;
}

const ids = async (filter?: string) => (await search(filter)).map(({ value }) => value);

const answer = (fault: Fault) => sandbox.faults.push({ call: 'catalogue', fault });

const rows = (...data: object[]) =>
	answer({ kind: 'reply', status: 200, body: { success: true, data } });

describe('the list of models', () => {
	it('should hold the Veo models of the live catalogue, the default first, then the newest', async () => {
		expect(await ids()).toEqual([
			...['veo3-fast', 'veo3.1-fast', 'veo3.1', 'veo3.1-pro', 'veo3', 'veo3-pro'],
		]);
	});

	it('should have the default first wherever the catalogue has it', async () => {
		rows({ id: 'veo4', model_type: 'video' }, { id: 'veo3-fast', model_type: 'video' });
		expect(await ids()).toEqual(['veo3-fast', 'veo4']);
	});

	it('should hold the default where the catalogue does not', async () => {
		rows({ id: 'veo4', model_type: 'video' });
		expect(await ids()).toEqual(['veo3-fast', 'veo4']);
	});

	it('should leave out what makes no videos', async () => {
		rows(
			{ id: 'veo-voice', model_type: 'audio' },
			{ id: 'Veo4', model_type: 'Video' },
			{ id: 'veo5' },
			{ id: 'kling', model_type: 'video' },
			{ id: 7, model_type: 'video' },
			{},
		);
		expect(await ids()).toEqual(['veo3-fast', 'veo5', 'Veo4']);
	});

	it('should show what a model takes and costs, with a link to its documentation', async () => {
		expect((await search())[0]).toEqual({
			name: 'veo3-fast (text, image; $0.40 per video)',
			value: 'veo3-fast',
			url: 'https://apidoc.cometapi.com/video/veo3-fast',
		});
	});

	it.each<[string, object]>([
		['veo9 ($0.32 per second)', { pricing: { currency: 'USD', per_second: 0.32 } }],
		['veo9 ($0.085 per second)', { pricing: { per_second: '0.085', per_request: 0 } }],
		['veo9 (2.00 EUR per video)', { pricing: { currency: 'EUR', per_request: 2 } }],
		['veo9 (text)', { features: ['text-to-video', 'chat'], pricing: { per_second: null } }],
		['veo9', { features: null, pricing: null }],
	])('should show as "%s" what the catalogue knows', async (name, fields) => {
		rows({ id: 'veo9', model_type: 'video', ...fields });
		expect((await search())[1].name).toBe(name);
	});
});

describe('the search', () => {
	it.each([
		['3.1', ['veo3.1-fast', 'veo3.1', 'veo3.1-pro']],
		['FAST', ['veo3-fast', 'veo3.1-fast']],
		['per second', ['veo3.1-fast', 'veo3.1']],
		['', ['veo3-fast', 'veo3.1-fast', 'veo3.1', 'veo3.1-pro', 'veo3', 'veo3-pro']],
		['kling', []],
	])('should find for "%s" what has it in its name or price', async (filter, expected) => {
		expect(await ids(filter)).toEqual(expected);
	});
});

describe('the catalogue', () => {
	it('should be asked for once, and without the key', async () => {
		await search();
		expect(sandbox.requests.map(({ call }) => call)).toEqual(['catalogue']);
		expect(JSON.stringify(sandbox.requests[0].headers)).not.toContain(sandbox.apiKey);
	});

	it('should be read to its last page', async () => {
		const page = (id: string) => ({ total: 2, data: [{ id, model_type: 'video' }] });
		for (const [index, id] of ['veo1', 'veo2'].entries()) {
			const fault: Fault = { kind: 'reply', status: 200, body: page(id) };
			sandbox.faults.push({ call: 'catalogue', nth: index + 1, fault });
		}
		expect(await ids()).toEqual(['veo3-fast', 'veo2', 'veo1']);
	});

	it('should be asked for again only after a minute', async () => {
		const now = jest.spyOn(clock, 'now');
		for (const atMs of [0, 59_000, 61_000]) {
			now.mockReturnValue(startedAt + atMs);
			await search('veo');
		}
		expect(sandbox.requests).toHaveLength(2);
	});

	it.each(['/', '/v1', '/v1/'])(
		'should be found where the Base URL ends in "%s"',
		async (ending) => {
			const baseUrl = sandbox.baseUrl + ending;
			const results = await search(undefined, { apiKey: sandbox.apiKey, baseUrl });
			expect(results).toHaveLength(6);
		},
	);

	it.each<[string, Fault]>([
		['an error', { kind: 'reply', status: 500 }],
		['a refusal', { kind: 'reply', status: 403 }],
		['a web page', { kind: 'html200' }],
		['broken JSON', { kind: 'brokenJson' }],
		['a cut connection', { kind: 'resetBeforeBody' }],
		['JSON without models', { kind: 'reply', status: 200, body: { success: false } }],
		['models that are no list', { kind: 'reply', status: 200, body: { data: { id: 'veo9' } } }],
	])('should leave the default alone where it answers with %s', async (_name, fault) => {
		answer(fault);
		expect(await search()).toEqual([
			{
				name: "veo3-fast (CometAPI's list cannot be read now; any ID can be typed)",
				value: 'veo3-fast',
			},
		]);
	});

	it('should leave the default alone where nothing is there, and say why in the log', async () => {
		const warn = jest.spyOn(logger, 'warn');
		const gone = await startSandbox();
		await gone.close();
		const results = await search('', { apiKey: 'sk-test-key', baseUrl: gone.baseUrl });
		expect(results).toMatchObject([{ value: 'veo3-fast' }]);
		expect(warn).toHaveBeenCalledWith(
			expect.stringContaining("CometAPI's list of models could not be read"),
		);
	});
});
