const DATA_URL = /^data:(video\/[\w.+-]+);base64,/i;

export const isDataUrl = (url: unknown): url is string =>
	typeof url === 'string' && DATA_URL.test(url);

/** The bytes of a video that came within the JSON. */
export function readDataUrl(url: string): { bytes: Buffer; mimeType: string } {
	const [head, mimeType] = DATA_URL.exec(url)!;
	return { bytes: Buffer.from(url.slice(head.length), 'base64'), mimeType: mimeType.toLowerCase() };
}
