import type { Workflow } from '../../../scripts/n8n/rest';
import type { Editor } from './editor';
import { STICKY_NOTE } from './examples';
import { until } from './until';

/** In pixels on the screen. */
interface Box {
	left: number;
	top: number;
	right: number;
	bottom: number;
}

export interface Placed {
	name: string;
	box: Box;
	/** All of the text, including a part that n8n cuts off. A node's name is below its box. */
	text: Box;
}

export interface Canvas {
	notes: Placed[];
	nodes: Placed[];
}

const DRAWN = '[data-canvas-node-render-type]';

/** Opens a workflow and measures its notes and nodes as n8n draws them. */
export async function measureCanvas(editor: Editor, workflow: Workflow): Promise<Canvas> {
	await editor.openWorkflow(workflow);
	const drawn = editor.page.locator(DRAWN);
	await until('all nodes', async () => (await drawn.count()) === workflow.nodes.length);
	const placed = await editor.page.evaluate<Placed[]>(
		`[...document.querySelectorAll('${DRAWN}')].map(${MEASURE})`,
	);
	const isNote = ({ name }: Placed) =>
		workflow.nodes.some((node) => node.name === name && node.type === STICKY_NOTE);
	return {
		notes: placed.filter(isNote),
		nodes: placed.filter((each) => !isNote(each)).map(withName),
	};
}

/** Runs in the browser. */
const MEASURE = `(element) => {
	const boxOf = (rects) => ({
		left: Math.min(...rects.map((rect) => rect.left)),
		top: Math.min(...rects.map((rect) => rect.top)),
		right: Math.max(...rects.map((rect) => rect.right)),
		bottom: Math.max(...rects.map((rect) => rect.bottom)),
	});
	const range = document.createRange();
	const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
	const rects = [];
	while (texts.nextNode()) {
		range.selectNodeContents(texts.currentNode);
		const { parentElement } = texts.currentNode;
		// n8n shortens the line below a node's name
		const isShortened = getComputedStyle(parentElement).textOverflow === 'ellipsis';
		rects.push(...(isShortened ? parentElement : range).getClientRects());
	}
	const { nodeName: name } = element.closest('[data-node-name]').dataset;
	return { name, box: boxOf([element.getBoundingClientRect()]), text: boxOf(rects) };
}`;

const withName = ({ name, box, text }: Placed): Placed => ({ name, box: union(box, text), text });

const union = (a: Box, b: Box): Box => ({
	left: Math.min(a.left, b.left),
	top: Math.min(a.top, b.top),
	right: Math.max(a.right, b.right),
	bottom: Math.max(a.bottom, b.bottom),
});

/** Browsers round to parts of a pixel. */
const ROUNDING = 1;

const overlap = (a: Box, b: Box) =>
	a.left < b.right - ROUNDING &&
	b.left < a.right - ROUNDING &&
	a.top < b.bottom - ROUNDING &&
	b.top < a.bottom - ROUNDING;

const contains = (outer: Box, inner: Box) =>
	outer.left <= inner.left + ROUNDING &&
	outer.top <= inner.top + ROUNDING &&
	outer.right >= inner.right - ROUNDING &&
	outer.bottom >= inner.bottom - ROUNDING;

/** @returns a sentence for everything that a person cannot read or tell apart */
export function faultsOf({ notes, nodes }: Canvas): string[] {
	const faults: string[] = [];
	for (const note of notes) {
		if (!contains(note.box, note.text)) faults.push(`${note.name} is cut off`);
		for (const node of nodes) {
			if (overlap(note.text, node.box)) faults.push(`${node.name} covers the text of ${note.name}`);
			else if (overlap(note.box, node.box) && !contains(note.box, node.box))
				faults.push(`${node.name} is only partly on ${note.name}`);
		}
	}
	for (const placed of [notes, nodes]) {
		for (const [index, one] of placed.entries()) {
			for (const other of placed.slice(index + 1)) {
				if (overlap(one.box, other.box)) faults.push(`${one.name} overlaps ${other.name}`);
			}
		}
	}
	return faults;
}
