const usd = (price: {
	per_request?: number;
	per_second?: number;
	input?: number;
	ratio?: number;
}) => ({
	...{ currency: 'USD', input: null, output: null, per_request: null, per_second: null },
	ratio: 0.8,
	...price,
});

/** The three forms in which rows name the paths of a model. */
const VIDEOS_AS_TEXT = '{"openai-video": {"path": "/v1/videos", "method": "POST"}}';
const VIDEOS_AS_OBJECT = { 'openai-video': { path: '/v1/videos', method: 'POST' } };
const VIDEOS_AS_ARRAY = ['/v1/videos', '/v1/videos/{id}'];

const FRAMES = ['text-to-video', 'image-to-video', 'first-last-frame'];

export type CatalogueRow = { id: string; provider?: string } & Record<string, unknown>;

/** A row in the catalogue's format; `published` is a date. */
function row({ id, published, ...rest }: CatalogueRow & { published: string }): CatalogueRow {
	const { provider, model_type } = { provider: 'google', model_type: 'video', ...rest };
	return {
		...{ id, code: id, provider, provider_code: provider, name: id, description: '' },
		...{ model_type, features: FRAMES, endpoints: VIDEOS_AS_OBJECT, upcoming: false },
		...{ published_at: Date.parse(published) / 1000, latest_model_name: id, pricing: null },
		api_doc_url: `https://apidoc.cometapi.com/${String(model_type)}/${id}`,
		...rest,
	};
}

/** Part of the public catalogue: the Veo models, and others that a search must omit. */
export const CATALOGUE: CatalogueRow[] = [
	row({
		...{ id: 'gpt-4o', provider: 'openai', model_type: 'text', features: ['chat'] },
		...{ published: '2024-05-13', pricing: usd({ input: 2 }) },
		endpoints: { openai: { path: '/v1/chat/completions', method: 'POST' } },
	}),
	row({ id: 'veo3-fast', published: '2025-07-17', pricing: usd({ per_request: 0.4 }) }),
	row({ id: 'veo3', published: '2025-07-17', pricing: usd({ per_request: 1.6 }) }),
	row({ id: 'veo3-pro', published: '2025-07-20', pricing: usd({}), endpoints: VIDEOS_AS_ARRAY }),
	row({
		...{ id: 'sora-2', provider: 'openai', features: ['text-to-video'] },
		...{ published: '2025-10-06', pricing: usd({ per_second: 0.08 }) },
	}),
	row({
		...{ id: 'veo3.1-fast', published: '2025-10-15', endpoints: VIDEOS_AS_TEXT },
		pricing: usd({ per_second: 0.08 }),
	}),
	row({ id: 'veo3.1', published: '2025-10-15', pricing: usd({ per_second: 0.32 }) }),
	row({ id: 'veo3.1-pro', published: '2025-11-02', endpoints: null }),
	row({
		...{ id: 'kling-video', provider: 'kuaishou', features: ['text-to-video'] },
		...{ published: '2025-06-01', pricing: usd({ per_request: 0.24 }) },
	}),
	row({
		...{ id: 'gemini-2.5-flash-image', model_type: 'image', features: ['text-to-image'] },
		...{ published: '2025-08-26', pricing: usd({ per_request: 0.03 }) },
	}),
];

/** More rows for tests, with the option `catalogue`. */
export const catalogueRows = {
	/** Not callable yet. */
	upcoming: row({ id: 'veo4', published: '2026-12-01', upcoming: true }),
	/** Not available on this route. */
	otherPathText: row({
		...{ id: 'veo3.1-chat-text', published: '2025-10-20' },
		endpoints: '["/v1/chat/completions"]',
	}),
	otherPathObject: row({
		...{ id: 'veo3.1-chat-object', published: '2025-10-20' },
		endpoints: { openai: { path: '/v1/chat/completions', method: 'POST' } },
	}),
	otherPathArray: row({
		...{ id: 'veo3.1-chat-array', published: '2025-10-20' },
		endpoints: ['/v1/chat/completions'],
	}),
	/** Paths that are not JSON, so nothing is known. */
	brokenPaths: row({ id: 'veo3.1-broken', published: '2025-10-20', endpoints: '{' }),
	newest: row({ id: 'veo3.2', published: '2026-03-01', pricing: usd({ per_second: 0.2 }) }),
	noRatio: row({
		...{ id: 'veo3.1-plain', published: '2025-10-20' },
		pricing: { ...usd({ per_second: 0.5 }), ratio: null },
	}),
	noPrice: row({ id: 'veo3.1-free', published: '2025-10-20', pricing: usd({}) }),
	noDate: { ...row({ id: 'veo2', published: '2024-12-01' }), published_at: null },
} as const;

/** `GET /api/models`: public, in pages. */
export function cataloguePage(rows: CatalogueRow[], query: URLSearchParams) {
	const page = Number(query.get('page') ?? 1);
	const pageSize = Number(query.get('page_size') ?? 100);
	const data = rows.slice((page - 1) * pageSize, page * pageSize);
	return { success: true, page, page_size: pageSize, total: rows.length, data };
}

/** `GET /v1/models`: needs a key, in OpenAI's shape. */
export function modelList(rows: CatalogueRow[]) {
	const data = rows.map(({ id, provider }) => ({
		...{ id, object: 'model', created: 1626777600 },
		owned_by: provider,
	}));
	return { object: 'list', data };
}
