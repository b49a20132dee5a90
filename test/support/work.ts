import { analyse } from 'scslre';

/**
 * Counts the characters that text operations process in the worst case while `step` runs: each
 * operation processes its whole text, and a search compares its whole pattern at every position. A
 * regular expression processes every position once on its way to a match if it is proven to be
 * linear, and otherwise every position from every other. (Any use of a regular expression ends in
 * `exec`.)
 */
export function countWork(step: () => void): number {
	let work = 0;
	const add = (characters: number) => {
		work += characters;
	};
	const restore = [
		...SEARCHES.map((name) =>
			wrap<string>(String.prototype, name, (text, [pattern]) => {
				if (typeof pattern === 'string') add(text.length * Math.max(1, pattern.length));
			}),
		),
		wrap<string>(String.prototype, 'indexOf', (text, [pattern, from = 0], _, found) => {
			const end = found === -1 ? text.length : Number(found);
			add((1 + end - Number(from)) * String(pattern).length);
		}),
		...COPIES.map((name) => wrap<string>(String.prototype, name, ({ length }) => add(length))),
		wrap<RegExp>(RegExp.prototype, 'exec', (pattern, [text], from, match) =>
			add(costOf(pattern, String(text).length, from, match as RegExpExecArray | null)),
		),
		...['parse', 'stringify'].map((name) =>
			wrap(JSON, name, (_, [text]) => add(typeof text === 'string' ? text.length : 0)),
		),
	];
	try {
		step();
	} finally {
		for (const undo of restore) undo();
	}
	return work;
}

const SEARCHES = ['lastIndexOf', 'includes', 'split', 'replace', 'replaceAll'];
const COPIES = [
	...['slice', 'substring', 'trim', 'trimStart', 'trimEnd', 'toLowerCase', 'toUpperCase'],
	Symbol.iterator,
];

const linear = new Map<string, boolean>();

function costOf(pattern: RegExp, length: number, from: number, match: RegExpExecArray | null) {
	const key = String(pattern);
	if (!linear.has(key)) linear.set(key, analyse(pattern).reports.length === 0);
	if (!linear.get(key)) return length ** 2;
	return (match ? match.index + match[0].length : length) - from;
}

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Count<Self> = (self: Self, args: unknown[], from: number, result: unknown) => void;

let isCounting = false;

/** @returns a function that restores the method */
function wrap<Self>(owner: object, name: string | symbol, count: Count<Self>): () => void {
	const methods = owner as Record<string | symbol, Method>;
	const original = methods[name];
	methods[name] = function (...args) {
		const { lastIndex = 0, global, sticky } = this as Partial<RegExp>;
		const result = original.apply(this, args);
		// counting uses texts too
		if (isCounting) return result;
		isCounting = true;
		count(this as Self, args, global || sticky ? lastIndex : 0, result);
		isCounting = false;
		return result;
	};
	return () => {
		methods[name] = original;
	};
}
