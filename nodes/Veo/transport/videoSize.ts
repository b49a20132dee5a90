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

/** The pixels of `1080p`, `4K` or `1920x1080`; few for a ratio, e.g. `16x9`, and NaN for other text. */
function pixelsOf(text: string): number {
	const [, number, unit, height] = /^(\d+)\s*(?:([pk])|[x×*:]\s*(\d+))$/i.exec(text.trim()) ?? [];
	if (!unit) return Number(number) * Number(height);
	// 4K has 2160 lines; what fewer K mean differs
	const lines = unit.toLowerCase() === 'k' ? 540 * Math.max(4, Number(number)) : Number(number);
	return (lines ** 2 * 16) / 9;
}

/**
 * The highest that the size or the ID of the model names, or the default one.
 * @returns undefined if it is higher than all, or the size is not known
 */
function resolutionOf(size: string, model = ''): Resolution | undefined {
	const named = model.split(/[^a-z\d]+/i).map((word) => pixelsOf(word) || 0);
	const pixels = Math.max(...named, size ? pixelsOf(size) : 0);
	return RESOLUTIONS.find(([most]) => pixels <= most)?.[1];
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
