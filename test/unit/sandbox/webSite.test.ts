import { CATALOGUE, catalogueRows } from '../../sandbox/server';
import { form, setUp } from './setUp';

describe('the API key', () => {
	it('is checked, and can be changed while the sandbox runs', async () => {
		const { sandbox, get } = await setUp();

		const refused = await get('/v1/models', 'sk-other');
		sandbox.apiKey = 'sk-other';
		const accepted = await get('/v1/models');

		expect(refused.status).toBe(401);
		expect(await refused.json()).toMatchObject({ error: { type: 'comet_api_error' } });
		expect(await accepted.json()).toMatchObject({
			object: 'list',
			data: expect.arrayContaining([expect.objectContaining({ id: 'veo3-fast' })]),
		});
	});

	it('prevents a task and a fault when it is wrong', async () => {
		const { sandbox, post } = await setUp({
			faults: [{ call: 'create', fault: { kind: 'html200' } }],
		});

		const response = await post(form(), { authorization: 'Bearer sk-other' });

		expect(response.status).toBe(401);
		expect(sandbox.tasks).toHaveLength(0);
	});
});

describe('the catalogue', () => {
	it('is public and comes in pages', async () => {
		const { sandbox } = await setUp();

		const response = await fetch(`${sandbox.baseUrl}/api/models?page=2&page_size=3`);

		expect(await response.json()).toMatchObject({
			...{ success: true, page: 2, page_size: 3, total: 10 },
			data: [{ id: 'veo3-pro' }, { id: 'sora-2' }, { id: 'veo3.1-fast', model_type: 'video' }],
		});
	});

	it('has rows with the documented fields, and with paths in each of their forms', async () => {
		const { sandbox } = await setUp();

		const { data } = (await (await fetch(`${sandbox.baseUrl}/api/models`)).json()) as {
			data: Array<Record<string, unknown>>;
		};

		expect(data.find(({ id }) => id === 'veo3.1')).toMatchObject({
			...{ code: 'veo3.1', provider: 'google', provider_code: 'google', name: 'veo3.1' },
			...{ upcoming: false, published_at: Date.UTC(2025, 9, 15) / 1000 },
			...{ latest_model_name: 'veo3.1', pricing: { per_second: 0.32, ratio: 0.8 } },
		});
		const forms = data.map(({ endpoints }) =>
			Array.isArray(endpoints) ? 'array' : endpoints === null ? 'null' : typeof endpoints,
		);
		expect(new Set(forms)).toEqual(new Set(['array', 'null', 'object', 'string']));
	});

	it('has the rows that a test gives', async () => {
		const catalogue = [...CATALOGUE, catalogueRows.upcoming, catalogueRows.otherPathText];
		const { sandbox, get } = await setUp({ catalogue });

		const response = await fetch(`${sandbox.baseUrl}/api/models?page=2&page_size=10`);

		expect(await response.json()).toMatchObject({
			total: 12,
			data: [{ upcoming: true }, { endpoints: '["/v1/chat/completions"]' }],
		});
		expect(await (await get('/v1/models')).text()).toContain(catalogueRows.upcoming.id);
	});
});

it('answers other paths with web pages', async () => {
	const { get } = await setUp();

	const pages = [await get('/'), await get('/v1/v1/videos'), await get('/files/a.mp4')];

	expect(pages.map(({ status }) => status)).toEqual([200, 404, 404]);
	for (const page of pages) expect(page.headers.get('content-type')).toMatch('text/html');
});
