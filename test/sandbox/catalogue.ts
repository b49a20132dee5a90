const usd = (price: { per_request?: number; per_second?: number; input?: number }) => ({
	currency: 'USD',
	input: null,
	output: null,
	per_request: null,
	per_second: null,
	...price,
});

const model = (
	id: string,
	provider: string,
	model_type: string,
	features: string[],
	pricing: object | null,
) => ({
	id,
	provider,
	model_type,
	features,
	pricing,
	api_doc_url: `https://apidoc.cometapi.com/${model_type}/${id}`,
});

const FRAMES = ['text-to-video', 'image-to-video', 'first-last-frame'];

/** A cut from the public catalogue: the Veo models, and others that a search must leave out. */
export const CATALOGUE = [
	model('gpt-4o', 'openai', 'text', ['chat'], usd({ input: 2 })),
	model('veo3-fast', 'google', 'video', FRAMES, usd({ per_request: 0.4 })),
	model('veo3', 'google', 'video', FRAMES, usd({ per_request: 1.6 })),
	model('veo3-pro', 'google', 'video', FRAMES, usd({})),
	model('sora-2', 'openai', 'video', ['text-to-video'], usd({ per_second: 0.08 })),
	model('veo3.1-fast', 'google', 'video', FRAMES, usd({ per_second: 0.08 })),
	model('veo3.1', 'google', 'video', FRAMES, usd({ per_second: 0.32 })),
	model('veo3.1-pro', 'google', 'video', FRAMES, null),
	model('kling-video', 'kuaishou', 'video', ['text-to-video'], usd({ per_request: 0.24 })),
	model('gemini-2.5-flash-image', 'google', 'image', ['text-to-image'], usd({ per_request: 0.03 })),
];

/** `GET /api/models`: public, in pages. */
export function cataloguePage(query: URLSearchParams) {
	const page = Number(query.get('page') ?? 1);
	const pageSize = Number(query.get('page_size') ?? 100);
	const data = CATALOGUE.slice((page - 1) * pageSize, page * pageSize);
	return { success: true, page, page_size: pageSize, total: CATALOGUE.length, data };
}

/** `GET /v1/models`: for holders of a key, in OpenAI's shape. */
export function modelList() {
	const data = CATALOGUE.map(({ id, provider }) => ({
		id,
		object: 'model',
		created: 1626777600,
		owned_by: provider,
	}));
	return { object: 'list', data };
}
