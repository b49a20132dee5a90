import { limits } from '../limits';
import { normalizeApiKey } from './credential';

/** A shorter one would hide ordinary words. */
const SHORTEST_KEY = 8;

type Escape = (char: string) => string;

const code = (char: string) => char.charCodeAt(0);
const hex = (char: string) => code(char).toString(16).padStart(2, '0');
const html: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const FORMATS: Escape[] = [
	(char) => `%${hex(char)}`,
	(char) => `\\u00${hex(char)}`,
	(char) => `\\x${hex(char)}`,
	(char) => `&#${code(char)};`,
	(char) => `&#x${hex(char)};`,
];

/** All characters, all signs, and those with a meaning in HTML. */
const ESCAPED = [/[^]/, /\W/, /["'&<>]/];

/** How servers write the characters of a text. */
const ESCAPES: Escape[] = [
	(char) => char,
	encodeURIComponent,
	(char) => html[char] ?? char,
	(char) => html[char] ?? char.replace("'", '&#39;'),
	...ESCAPED.flatMap((pattern) =>
		FORMATS.map(
			(format): Escape =>
				(char) =>
					pattern.test(char) ? format(char) : char,
		),
	),
];

/** @returns a function that blots out the key, in the forms in which a server may repeat it */
export function keyHider(apiKey: unknown): (text: string) => string {
	const key = normalizeApiKey(apiKey);
	if (key.length < SHORTEST_KEY || key.length > limits.maxKeyLength) return (text) => text;
	const forms = formsOf(key);
	const shortest = forms.at(-1)!.length;
	return (text) =>
		text.length < shortest
			? text
			: forms.reduce(withoutForm, { text, lower: lowerCase(text) }).text;
}

/** In lower case, the longest first: it may contain a shorter one. */
function formsOf(key: string): string[] {
	const escaped = ESCAPES.map((escape) => Array.from(key, escape).join(''));
	// JSON may be quoted as a text within JSON
	const forms = [...escaped, ...base64Forms(key)].flatMap(inJson).flatMap(inJson);
	return [...new Set(forms.map(lowerCase))].sort((a, b) => b.length - a.length);
}

function inJson(text: string): string[] {
	const inner = JSON.stringify(text).slice(1, -1);
	return [
		text,
		inner,
		inner.replaceAll('/', '\\/'),
		inner.replace(/[&<>]/g, (char) => `\\u00${hex(char)}`),
	];
}

/** Base64 of the key with 0, 1 or 2 bytes before it, without the characters that hold other bytes too. */
const base64Forms = (key: string): string[] =>
	['', ' ', '  '].flatMap((before) => {
		const bytes = Buffer.from(before + key);
		const [from, to] = [Math.ceil((before.length * 8) / 6), Math.floor((bytes.length * 8) / 6)];
		return (['base64', 'base64url'] as const).map((form) => bytes.toString(form).slice(from, to));
	});

/** Of the same length: only this letter would become two. */
const lowerCase = (text: string) => text.replaceAll('\u0130', 'i').toLowerCase();

/** Servers change the case of headers and of hex digits. */
function withoutForm({ text, lower }: { text: string; lower: string }, form: string) {
	if (!lower.includes(form)) return { text, lower };
	let kept = '';
	let from = 0;
	for (let at = lower.indexOf(form); at >= 0; at = lower.indexOf(form, from)) {
		kept += `${text.slice(from, at)}***`;
		from = at + form.length;
	}
	const hidden = kept + text.slice(from);
	return { text: hidden, lower: lowerCase(hidden) };
}
