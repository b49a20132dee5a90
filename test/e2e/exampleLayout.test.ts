import { faultsOf, measureCanvas } from './support/canvas';
import { setUpEditor } from './support/editor';
import { exampleNames, readExample, withoutId } from './support/examples';
import { setUp } from './support/setUp';

const context = setUp();
const inEditor = setUpEditor(context);

describe.each(exampleNames)('the example %s in the editor', (name) => {
	it(
		'shows every note completely and nothing on top of another',
		inEditor(async (editor) => {
			const example = withoutId(readExample(name));
			const canvas = await measureCanvas(editor, await context.rest.createWorkflow(example));
			await editor.screenshot(`example ${name}`);
			expect(faultsOf(canvas)).toEqual([]);
		}),
	);
});
