import { NodeHelpers } from 'n8n-workflow';
import type { INodeParameters } from 'n8n-workflow';

import { Veo } from '../../nodes/Veo/Veo.node';

const { description } = new Veo();

const FIELDS = [
	...['imageSource', 'imageField', 'firstFrameField', 'lastFrameField'],
	...['imageUrl', 'firstFrameUrl', 'lastFrameUrl'],
];

/** The parameters for images that the editor shows, with their defaults. */
function shown(chosen: INodeParameters): INodeParameters {
	const node = { typeVersion: 1, parameters: chosen };
	const parameters = NodeHelpers.getNodeParameters(
		...([description.properties, chosen, true, false, node, description] as const),
	)!;
	return Object.fromEntries(Object.entries(parameters).filter(([name]) => FIELDS.includes(name)));
}

describe.each(['create', 'createAndWait'])('the images of %s', (operation) => {
	it.each<[string, string, INodeParameters]>([
		['none', 'url', {}],
		['image', 'binary', { imageField: 'data' }],
		['image', 'url', { imageUrl: '' }],
		['items', 'binary', { imageField: 'data' }],
		['items', 'url', { imageUrl: '' }],
		['frames', 'binary', { firstFrameField: 'firstFrame', lastFrameField: 'lastFrame' }],
		['frames', 'url', { firstFrameUrl: '', lastFrameUrl: '' }],
	])('with %s from %s have their own fields', (imageInput, imageSource, fields) => {
		const source = imageInput === 'none' ? {} : { imageSource };
		expect(shown({ operation, imageInput, imageSource })).toEqual({ ...source, ...fields });
	});

	it('come from binary fields by default', () => {
		expect(shown({ operation, imageInput: 'image' })).toEqual({
			imageSource: 'binary',
			imageField: 'data',
		});
	});
});

it('Retrieve Video has no image fields', () => {
	expect(shown({ operation: 'retrieve', imageInput: 'image', imageSource: 'url' })).toEqual({});
});
