import { isVeo } from './catalogue';
import type { VideoRequest } from './videoForm';

/** Prices and durations depend on it. */
type Resolution = '720p' | '1080p' | '4K';

/** In pixels, ascending. */
const RESOLUTIONS: Array<[most: number, resolution: Resolution]> = [
	[1280 * 720, '720p'],
	[1920 * 1080, '1080p'],
	[3840 * 2160, '4K'],
];

/**
 * By how much a resolution raises the listed price (CometAPI's blog, 2026-08-13; the ratios are
 * Google's).
 */
const FACTORS: Array<[model: RegExp, factors: Record<Resolution, number>]> = [
	[/^veo3\.1-fast$/i, { '720p': 1, '1080p': 1.2, '4K': 3 }],
	[/^veo3\.1$/i, { '720p': 1, '1080p': 1, '4K': 1.5 }],
];

/**
 * The resolution of a size, e.g. `1920x1080` or `4K`, or that the ID of a model names. A ratio, e.g. `16x9`, has the default one.
 * @returns undefined if the size is larger than all, or no size
 */
function resolutionOf(size: string, model = ''): Resolution | undefined {
	const [named = ''] = /(?<![a-z\d])(?:720p|1080p|4k)(?![a-z\d])/i.exec(`${model} ${size}`) ?? [];
	const known = RESOLUTIONS.find(([, resolution]) => resolution === named.replace('k', 'K'));
	if (known) return known[1];
	if (!size) return '720p';
	const [, width, height] = /^(\d+)\s*[x×*:]\s*(\d+)$/i.exec(size.trim()) ?? [];
	return RESOLUTIONS.find(([most]) => Number(width) * Number(height) <= most)?.[1];
}

/** Google's rule for Veo 3.1: 8 seconds at 1080p and 4K; CometAPI's default is 4. */
export const isTooShort = (
	{ model, duration }: Pick<VideoRequest, 'model' | 'duration'>,
	size: string,
): boolean =>
	isVeo({ id: model }) && ['1080p', '4K'].includes(resolutionOf(size) ?? '') && duration !== 8;

/** The factor on the listed price; the highest that is known for the model or the size if the pair is unknown. */
export function priceFactor(model: string, size: string): number {
	const resolution = resolutionOf(size, model);
	const rows = FACTORS.filter(([pattern]) => pattern.test(model));
	const known = (rows.length > 0 ? rows : FACTORS).map(([, factors]) => factors);
	return Math.max(
		...known.flatMap((factors) => (resolution ? factors[resolution] : Object.values(factors))),
	);
}
