import type { IDataObject } from 'n8n-workflow';

export const isObject = (value: unknown): value is IDataObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** Texts and numbers as text, anything else as none. */
export const asText = (value: unknown): string =>
	typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';

/** Not by `URL.canParse`: once optimized by Node 20, it refuses URLs with letters like "ü". */
export function parseUrl(text: string, base?: string): URL | undefined {
	try {
		return new URL(text, base);
	} catch {
		return undefined;
	}
}

export const isHttp = ({ protocol }: URL) => protocol === 'https:' || protocol === 'http:';

/** Without characters that would change how a text from outside is displayed or logged. */
export const printable = (text: string) =>
	text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`);

/** Spreads what would otherwise happen at the same time by up to 10 % either way. */
export const jitter = (ms: number) => ms * (0.9 + 0.2 * Math.random());
