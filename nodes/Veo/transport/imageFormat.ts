/** How many bytes of a file tell what it is. */
export const SIGNATURE_BYTES = 12;

/** The first bytes of each type, in hex. */
const SIGNATURES: Array<[mimeType: string, ending: string, pattern: RegExp]> = [
	['image/png', 'png', /^89504e470d0a1a0a/],
	['image/jpeg', 'jpg', /^ffd8ff/],
	['image/webp', 'webp', /^52494646.{8}57454250/],
];

/** @returns undefined if it is not an image that CometAPI accepts */
export const imageTypeOf = (start: Buffer): string | undefined =>
	SIGNATURES.find(([, , pattern]) => pattern.test(start.toString('hex', 0, SIGNATURE_BYTES)))?.[0];

const MAX_NAME_LENGTH = 200;

/** A server may go by the ending of the name, so it is the one of the bytes. */
export function imageName(name: string | undefined, mimeType: string): string {
	const [, ending] = SIGNATURES.find(([type]) => type === mimeType)!;
	const given = (name ?? '').slice(-MAX_NAME_LENGTH);
	const [, own = ''] = /\.(\w{3,4})$/.exec(given.toLowerCase()) ?? [];
	if (own.replace('jpeg', 'jpg') === ending) return given;
	return `${given.replace(/\.(png|jpe?g|webp|gif|bmp|tiff?|avif|heic)$/i, '') || 'image'}.${ending}`;
}
