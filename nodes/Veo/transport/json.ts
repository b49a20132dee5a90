import { isObject } from '../utils';

/** Far more than any response has; code that walks a deeper value may overflow, in n8n as well. */
const MAX_DEPTH = 100;

/** Far more than any response has; a bare list of millions would block n8n for seconds. */
const MAX_VALUES = 100_000;

/** An integer of fewer digits is always exact. */
const EXACT_DIGITS = 15;

/**
 * Parses JSON from outside. Integers too large for a number become text with the same digits, as they
 * may be IDs, and a value that is nested too deep becomes null.
 * @returns undefined if it is no JSON, or has too many values
 */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(tame(text));
	} catch {
		return undefined;
	}
}

/** The lines of an event stream that are looked at, from its end. */
const MAX_EVENTS = 20;

/** The JSON of a response; of an event stream, the last event that can be a task or an error. */
export function parseBody(text: string): unknown {
	const body = parseJson(text);
	if (body !== undefined || !/^\s{0,100}(?:data|event):/.test(text)) return body;
	const lines = text.split('\n').filter((line) => line.startsWith('data:'));
	const events = lines.slice(-MAX_EVENTS).map((line) => parseJson(line.slice('data:'.length)));
	return events.findLast((event) => isObject(event) && EVENT_KEYS.some((key) => key in event));
}

const EVENT_KEYS = ['id', 'task_id', 'status', 'data', 'error', 'message'];

/** Takes time linear in the length of the text. */
function tame(text: string): string {
	const parts: string[] = [];
	let copied = 0;
	let depth = 0;
	let cutFrom = 0;
	let values = 0;
	const replace = (from: number, to: number, by: string) => {
		parts.push(text.slice(copied, from), by);
		copied = to;
	};
	for (let at = 0; at < text.length; at++) {
		const char = text[at];
		if (',[{'.includes(char) && ++values > MAX_VALUES) throw new Error('too many values');
		if (char === '"') {
			at = endOfString(text, at);
		} else if (char === '{' || char === '[') {
			if (++depth === MAX_DEPTH + 1) cutFrom = at;
		} else if (char === '}' || char === ']') {
			if (depth-- === MAX_DEPTH + 1) replace(cutFrom, at + 1, 'null');
		} else if (isDigit(char)) {
			const from = at;
			while (isDigit(text[at + 1])) at++;
			const integer = at - from < EXACT_DIGITS ? undefined : integerAt(text, from, at + 1);
			if (integer && depth <= MAX_DEPTH) replace(integer.from, at + 1, `"${integer.digits}"`);
		}
	}
	return parts.join('') + text.slice(copied);
}

function endOfString(text: string, start: number): number {
	for (let at = text.indexOf('"', start + 1); at > 0; at = text.indexOf('"', at + 1)) {
		let slashes = 0;
		while (text[at - 1 - slashes] === '\\') slashes++;
		if (slashes % 2 === 0) return at;
	}
	return text.length;
}

const isDigit = (char: string | undefined) => char !== undefined && char >= '0' && char <= '9';

/** @returns undefined for a part of a fraction or an exponent, and if a number is exact */
function integerAt(text: string, start: number, end: number) {
	const from = text[start - 1] === '-' ? start - 1 : start;
	const isPart = /[.eE+]/.test(text[from - 1] ?? '') || /[.eE]/.test(text[end] ?? '');
	const digits = text.slice(from, end);
	return isPart || Number.isSafeInteger(Number(digits)) ? undefined : { from, digits };
}
