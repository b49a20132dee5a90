import type { Call } from './exchange';

export type Origin = 'api' | 'files';

interface Route {
	call: Call;
	origin: Origin;
	method: string;
	path: RegExp;
	needsKey: boolean;
}

const api = { origin: 'api', method: 'GET', needsKey: true } as const;

const ROUTES: Route[] = [
	{ ...api, call: 'create', method: 'POST', path: /^\/v1\/videos$/ },
	{ ...api, call: 'retrieve', path: /^\/v1\/videos\/([^/]+)$/ },
	{ ...api, call: 'content', path: /^\/v1\/videos\/([^/]+)\/content$/ },
	{ ...api, call: 'models', path: /^\/v1\/models$/ },
	{ ...api, call: 'catalogue', path: /^\/api\/models$/, needsKey: false },
	{ ...api, call: 'file', origin: 'files', path: /^\/files\/([^/]+)\.mp4$/, needsKey: false },
];

/** The call of a request; every other path belongs to the web site, as at CometAPI. */
export function routeOf(origin: Origin, method: string, url: string) {
	const [path = ''] = url.split('?');
	for (const route of ROUTES) {
		const match = route.path.exec(path);
		if (match && route.origin === origin && route.method === method) {
			return {
				call: route.call,
				needsKey: route.needsKey,
				taskId: match[1] && decodeURIComponent(match[1]),
			};
		}
	}
	return { call: 'other' as const, needsKey: false, taskId: undefined };
}
