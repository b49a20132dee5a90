import { Workflow } from 'n8n-workflow';
import type { ICredentialDataDecryptedObject, INodeTypes } from 'n8n-workflow';

import { CometApiVeoApi } from '../../credentials/CometApiVeoApi.credentials';
import { clock } from '../../nodes/Veo/clock';
import { Veo } from '../../nodes/Veo/Veo.node';
import { CATALOGUE, catalogueRows, startSandbox } from '../sandbox/server';
import type { CatalogueRow, Fault, Sandbox } from '../sandbox/server';
import { credentialsHelper } from '../support/credentials';
import { core, logger } from '../support/n8n';

const veo = new Veo();
let sandbox: Sandbox;
let startedAt = 0;

beforeEach(() => {
	// later than the lifetime of other tests' cache entries
	startedAt += 3_600_000;
	jest.spyOn(clock, 'now').mockReturnValue(startedAt);
});

beforeAll(async () => {
	sandbox = await startSandbox();
});

afterEach(() => sandbox.reset());

afterAll(async () => await sandbox.close());

/** The list in the editor, requested as n8n does. */
async function search(filter?: string, credential?: ICredentialDataDecryptedObject) {
	const nodeTypes = { getByNameAndVersion: () => veo } as unknown as INodeTypes;
	const node = {
		...{ id: '1', name: 'Veo', type: 'veo', typeVersion: 1, position: [0, 0] as [number, number] },
		...{ parameters: {}, credentials: { cometApiVeoApi: { id: '1', name: 'CometAPI' } } },
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

const answerWith = (fault: Fault) => sandbox.faults.push({ call: 'catalogue', fault });

const rows = (...data: object[]) =>
	answerWith({ kind: 'reply', status: 200, body: { success: true, data } });

const VEO = { id: 'veo1', model_type: 'video' };
const VEO2 = { id: 'veo2', model_type: 'video' };

const LISTED = ['veo3-fast', 'veo3.1-pro', 'veo3.1-fast', 'veo3.1', 'veo3-pro', 'veo3'];
/** The last entry if the catalogue does not contain it. */
const NOT_LISTED = {
	name: "veo3-fast (default; not in CometAPI's model list now)",
	value: 'veo3-fast',
};

describe('the list of models', () => {
	it('has the Veo models of the live catalogue: the default first, then the newest', async () => {
		expect(await ids()).toEqual(LISTED);
	});

	it('has the default first, even if others are newer', async () => {
		rows(
			{ id: 'veo4', model_type: 'video', published_at: 9 },
			{ id: 'veo3-fast', model_type: 'video', published_at: 1 },
		);
		expect(await search()).toMatchObject([{ name: 'veo3-fast' }, { name: 'veo4' }]);
	});

	it('has the default last, marked as not listed, if the catalogue does not have it', async () => {
		rows({ id: 'veo4', model_type: 'video' }, { id: 'veo2', model_type: 'video' });
		expect(await search()).toMatchObject([{ value: 'veo4' }, { value: 'veo2' }, NOT_LISTED]);
	});

	it('has the other video models of this route when the catalogue has no Veo', async () => {
		rows(
			{ id: 'wan', model_type: 'video', published_at: 1 },
			{ id: 'seedance', model_type: 'video', published_at: 2 },
			{ id: 'kling', model_type: 'video', endpoints: ['/v1/chat/completions'] },
			{ id: 'gpt', model_type: 'text' },
			{ id: 'nameless' },
		);
		expect(await search()).toEqual([
			{ name: 'seedance (not Veo; may need other values)', value: 'seedance' },
			{ name: 'wan (not Veo; may need other values)', value: 'wan' },
			NOT_LISTED,
		]);
	});

	it('sorts by date, newest first, regardless of the version in the ID', async () => {
		rows(
			{ id: 'veo3-fast', published_at: 4 },
			{ id: 'veo5', published_at: 1 },
			{ id: 'veo2', published_at: 3 },
			{ id: 'veo3.1', published_at: '2' },
		);
		expect(await ids()).toEqual(['veo3-fast', 'veo2', 'veo3.1', 'veo5']);
	});

	it.each([
		['null', null],
		['nothing', undefined],
		['no number', 'soon'],
	])('sorts by the version in the ID if the date is %s', async (_name, date) => {
		rows(
			{ id: 'veo2', published_at: date },
			{ id: 'veo_3_1-4K', published_at: date },
			{ id: 'veo3', published_at: date },
			{ id: 'google-veo', published_at: date },
		);
		expect((await ids()).slice(0, 4)).toEqual(['veo_3_1-4K', 'veo3', 'veo2', 'google-veo']);
	});

	it('omits models that create no videos', async () => {
		rows(
			{ id: 'veo-voice', model_type: 'audio' },
			{ id: 'Veo4', model_type: 'Video' },
			{ id: 'veo5' },
			{ id: 'kling', model_type: 'video' },
			{ id: 7, model_type: 'video' },
			{},
		);
		expect(await ids()).toEqual(['veo5', 'Veo4', 'veo3-fast']);
	});

	it.each(['upcoming', 'otherPathText', 'otherPathObject', 'otherPathArray'] as const)(
		'omits a model that cannot be called on this route: %s',
		async (name) => {
			rows(...CATALOGUE, catalogueRows[name]);
			expect(await ids()).toEqual(LISTED);
		},
	);

	it('marks the default as not listed if it cannot be called yet', async () => {
		rows({ id: 'veo3-fast', upcoming: true }, { id: 'veo4' });
		expect(await search()).toMatchObject([{ value: 'veo4' }, NOT_LISTED]);
	});

	it.each<[string, CatalogueRow]>([
		['paths that are no JSON', catalogueRows.brokenPaths],
		['no date', catalogueRows.noDate],
		['no price', catalogueRows.noPrice],
		['no paths', { id: 'veo9', endpoints: null }],
		['an empty list of paths', { id: 'veo9', endpoints: [] }],
		['paths as an object', { id: 'veo9', endpoints: { video: { path: '/v1/videos' } } }],
		['paths as text of JSON', { id: 'veo9', endpoints: '["/v1/videos"]' }],
		['paths as plain text', { id: 'veo9', endpoints: '/v1/chat/completions, /v1/videos' }],
		['this route among others', { id: 'veo9', endpoints: ['/v1/responses', '/v1/videos/{id}'] }],
		['names of routes but no paths', { id: 'veo9', endpoints: ['openai-video'] }],
		['`upcoming` that is not true', { id: 'veo9', upcoming: null }],
	])('has a model with %s', async (_name, row) => {
		rows(row);
		expect(await ids()).toEqual([row.id, 'veo3-fast']);
	});

	it("shows a model's input and price, with a link to its documentation", async () => {
		expect((await search())[0]).toEqual({
			name: 'veo3-fast (text, image; $0.32 per video)',
			value: 'veo3-fast',
			url: 'https://apidoc.cometapi.com/video/veo3-fast',
		});
	});

	it.each<[string, object]>([
		['veo9 ($0.32 per second)', { pricing: { currency: 'USD', per_second: 0.32 } }],
		['veo9 ($0.085 per second)', { pricing: { per_second: '0.085', per_request: 0 } }],
		['veo9 ($0.256 per second)', { pricing: { per_second: 0.32, ratio: 0.8 } }],
		['veo9 ($0.064 per video)', { pricing: { per_request: 0.08, ratio: '0.8' } }],
		['veo9 ($0.50 per second)', { pricing: catalogueRows.noRatio.pricing }],
		['veo9 (2.00 EUR per video)', { pricing: { currency: 'EUR', per_request: 2 } }],
		['veo9 (text)', { features: ['text-to-video', 'chat'], pricing: { per_second: null } }],
		['veo9', { features: null, pricing: null }],
	])('shows the data that the catalogue has: %s', async (name, fields) => {
		rows({ id: 'veo9', model_type: 'video', ...fields });
		expect((await search())[0].name).toBe(name);
	});
});

describe('the search', () => {
	it.each([
		['3.1', ['veo3.1-pro', 'veo3.1-fast', 'veo3.1']],
		['FAST', ['veo3-fast', 'veo3.1-fast']],
		['per second', ['veo3.1-fast', 'veo3.1']],
		['', LISTED],
		['kling', []],
	])('finds for "%s" the models with it in their name or price', async (filter, expected) => {
		expect(await ids(filter)).toEqual(expected);
	});
});

describe('the catalogue', () => {
	it('is requested once, and without the key', async () => {
		await search();
		expect(sandbox.catalogueRequests).toHaveLength(1);
		expect(JSON.stringify(sandbox.catalogueRequests[0].headers)).not.toContain(sandbox.apiKey);
	});

	it('is read to its last page', async () => {
		const page = (id: string) => ({ total: 2, data: [{ id, model_type: 'video' }] });
		for (const [index, id] of ['veo1', 'veo2'].entries()) {
			const fault: Fault = { kind: 'reply', status: 200, body: page(id) };
			sandbox.faults.push({ call: 'catalogue', nth: index + 1, fault });
		}
		expect(await ids()).toEqual(['veo2', 'veo1', 'veo3-fast']);
	});

	const pagesOf = (pageOf: (page: number) => object) => {
		sandbox.faultFor = (call, { request }) => {
			if (call !== 'catalogue') return undefined;
			const page = Number(new URL(request.url, sandbox.baseUrl).searchParams.get('page'));
			return { kind: 'reply', status: 200, body: pageOf(page) as never };
		};
	};

	afterEach(() => (sandbox.faultFor = undefined));

	it.each<[string, (page: number) => object, requests: number]>([
		['pages are counted from 0', (page) => ({ total: 2, data: page ? [] : [VEO, VEO2] }), 2],
		['pages are ignored', () => ({ total: 9, data: [VEO, VEO2] }), 3],
		['the total is too large', (page) => ({ total: 9, data: page === 1 ? [VEO, VEO2] : [] }), 3],
		['a later page is refused', (page) => (page === 1 ? { total: 9, data: [VEO, VEO2] } : {}), 3],
		['rows are repeated', () => ({ data: [VEO, VEO2, VEO, VEO2] }), 1],
	])('has each model once when %s', async (_name, pageOf, requests) => {
		pagesOf(pageOf);
		expect(await ids()).toEqual(['veo2', 'veo1', 'veo3-fast']);
		expect(sandbox.catalogueRequests).toHaveLength(requests);
	});

	it('is requested again only after a minute', async () => {
		const now = jest.spyOn(clock, 'now');
		for (const atMs of [0, 59_000, 61_000]) {
			now.mockReturnValue(startedAt + atMs);
			await search('veo');
		}
		expect(sandbox.catalogueRequests).toHaveLength(2);
	});

	it('hides the key of each credential', async () => {
		rows({ id: `veo-${sandbox.apiKey}`, model_type: 'video' });
		const { baseUrl } = sandbox;
		await search(undefined, { apiKey: 'sk-another-key', baseUrl });
		expect((await search())[0]).toMatchObject({ name: 'veo-***', value: 'veo-***' });
	});

	it.each(['/', '/v1', '/v1/'])('is found when the Base URL ends in "%s"', async (ending) => {
		const baseUrl = sandbox.baseUrl + ending;
		const results = await search(undefined, { apiKey: sandbox.apiKey, baseUrl });
		expect(results).toHaveLength(LISTED.length);
	});

	it.each<[string, Fault]>([
		['an error', { kind: 'reply', status: 500 }],
		['a refusal', { kind: 'reply', status: 403 }],
		['a web page', { kind: 'html200' }],
		['broken JSON', { kind: 'brokenJson' }],
		['an answer without end', { kind: 'hugeJson', megabytes: 400 }],
		['a cut connection', { kind: 'resetBeforeBody' }],
		['JSON without models', { kind: 'reply', status: 200, body: { success: false } }],
		['models that are no list', { kind: 'reply', status: 200, body: { data: { id: 'veo9' } } }],
	])('keeps only the default when the catalogue responds with %s', async (_name, fault) => {
		answerWith(fault);
		expect(await search()).toEqual([
			{
				name: "veo3-fast (could not load CometAPI's model list; enter an ID)",
				value: 'veo3-fast',
			},
		]);
	});

	it('stops reading a response that is far too long', async () => {
		answerWith({ kind: 'hugeJson', megabytes: 400 });
		await search();
		expect(sandbox.counts().bytes).toBeLessThan(100 * 2 ** 20);
	});

	it('keeps only the default when no server responds, and logs why', async () => {
		const warn = jest.spyOn(logger, 'warn');
		const gone = await startSandbox();
		await gone.close();
		const results = await search('', { apiKey: 'sk-test-key', baseUrl: gone.baseUrl });
		expect(results).toMatchObject([{ value: 'veo3-fast' }]);
		expect(warn).toHaveBeenCalledWith(
			expect.stringMatching(/^CometAPI's model list could not be loaded: .*ECONNREFUSED/),
		);
	});
});
