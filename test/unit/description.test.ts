import { NodeHelpers } from 'n8n-workflow';
import type { INodeParameters, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { Veo } from '../../nodes/Veo/Veo.node';
import codex from '../../nodes/Veo/Veo.node.json';

const { description } = new Veo();

/** The parameters that the editor shows for these values, with the values it sets. */
function visible(chosen: INodeParameters): INodeParameters {
	const node = { typeVersion: 1, parameters: chosen };
	return NodeHelpers.getNodeParameters(
		...([description.properties, chosen, true, false, node, description] as const),
	)!;
}

const IMAGE_FIELDS = ['imageField', 'firstFrameField', 'lastFrameField'];

const request = { prompt: '', model: { mode: 'list', value: 'veo3-fast' }, size: '16x9' };
const output = { downloadVideo: true, binaryPropertyOutput: 'data' };

const contract: Array<[operation: string, parameters: INodeParameters, options: string[]]> = [
	[
		'create',
		{ ...request, imageInput: 'none' },
		['extraFields', 'duration', 'maxConcurrent', 'maxCost', 'maxVideos', 'numberOfVideos'],
	],
	[
		'createAndWait',
		{ ...request, imageInput: 'none', ...output },
		[
			...['extraFields', 'duration', 'fileName', 'includeFileLink', 'maxConcurrent'],
			...[
				'maxCost',
				'maxVideos',
				'numberOfVideos',
				'onTimeout',
				'pollInterval',
				'timeout',
				'waitMode',
			],
		],
	],
	[
		'retrieve',
		// the role is internal and hidden
		{ internalRole: '', taskId: '={{ $json.id }}', ...output },
		['fileName', 'includeFileLink', 'maxConcurrent'],
	],
];

const properties = (name: string, operation?: string) =>
	description.properties.filter(
		(property) =>
			property.name === name &&
			(!operation || property.displayOptions?.show?.operation?.includes(operation)),
	);

const optionsOf = (operation: string) =>
	properties('options', operation)[0].options as INodeProperties[];

const choices = (name: string) =>
	Object.fromEntries(
		(properties(name)[0].options as INodePropertyOptions[]).map((option) => [
			option.value,
			option.name,
		]),
	);

/** n8n's own list of categories. */
const CATEGORIES = [
	...['Analytics', 'Communication', 'Data & Storage', 'Development', 'Finance & Accounting'],
	...['Marketing & Content', 'Miscellaneous', 'Productivity', 'Sales', 'Utility'],
];

describe('the codex', () => {
	it('has only categories of n8n, and no subcategories', () => {
		expect(CATEGORIES).toEqual(expect.arrayContaining(codex.categories));
		expect(codex).not.toHaveProperty('subcategories');
	});
});

describe('the node', () => {
	it('has the names that saved workflows know', () => {
		expect(description).toMatchObject({
			name: 'veo',
			displayName: 'CometAPI Veo',
			version: 1,
			usableAsTool: true,
			inputs: ['main'],
			outputs: ['main'],
			credentials: [{ name: 'cometApiVeoApi', required: true }],
		});
	});

	it('waits for the video by default', () => {
		expect(visible({}).operation).toBe('createAndWait');
	});

	it('has three operations', () => {
		expect(choices('operation')).toEqual({
			create: 'Create Video',
			createAndWait: 'Create Video and Wait',
			retrieve: 'Retrieve Video',
		});
	});

	it('lists an action for each operation', () => {
		const actions = properties('operation')[0].options as INodePropertyOptions[];
		expect(actions.map(({ value, action }) => [value, action])).toEqual([
			['create', 'Create video'],
			['createAndWait', 'Create video and wait'],
			['retrieve', 'Retrieve video'],
		]);
	});

	it.each(['create', 'createAndWait', 'retrieve'])(
		'is named after its operation: %s',
		(operation) => {
			const { action } = (properties('operation')[0].options as INodePropertyOptions[]).find(
				({ value }) => value === operation,
			)!;
			const parameters = visible({ operation });
			expect(NodeHelpers.makeNodeName(parameters, description)).toBe(action);
			expect(NodeHelpers.makeDescription(parameters, description)).toBe(
				`${action} in CometAPI Veo`,
			);
		},
	);

	it('shows the operation as its subtitle', () => {
		const { subtitle } = description;
		for (const [operation, name] of Object.entries(choices('operation'))) {
			const shown = subtitle!.replace('$parameter["operation"]', JSON.stringify(operation));
			expect(new Function(`return ${shown.slice(3, -2)}`)()).toBe(name);
		}
	});

	it('has each parameter only once per operation', () => {
		for (const [operation] of contract) {
			const shared = ['resource', 'operation'];
			for (const { name } of description.properties.filter((p) => !shared.includes(p.name))) {
				expect([name, properties(name, operation).length <= 1]).toEqual([name, true]);
			}
		}
	});
});

describe.each(contract)('the operation %s', (operation, parameters, options) => {
	it('shows these parameters, with these defaults', () => {
		const { model, ...shown } = visible({ operation });
		const { model: expected, ...others } = parameters;
		expect(shown).toEqual({ resource: 'video', operation, ...others, options: {} });
		expect(model === undefined).toBe(expected === undefined);
		if (expected) expect(model).toMatchObject(expected as object);
	});

	it('has these options, in alphabetical order', () => {
		const offered = optionsOf(operation);
		expect(offered.map(({ name }) => name)).toEqual(options);
		const labels = offered.map(({ displayName }) => displayName);
		expect(labels).toEqual([...labels].sort((a, b) => a.localeCompare(b)));
	});
});

describe.each(['create', 'createAndWait'])('the images of %s', (operation) => {
	it.each([
		['none', {}],
		['image', { imageField: 'data' }],
		['items', { imageField: 'data' }],
		['frames', { firstFrameField: 'firstFrame', lastFrameField: 'lastFrame' }],
	])('have these fields when Image Input is %s', (imageInput, fields) => {
		const shown = Object.entries(visible({ operation, imageInput }));
		expect(Object.fromEntries(shown.filter(([name]) => IMAGE_FIELDS.includes(name)))).toEqual(
			fields,
		);
	});
});

it.each(['createAndWait', 'retrieve'])(
	'%s hides the output field when no file is downloaded',
	(operation) => {
		expect(visible({ operation, downloadVideo: false })).not.toHaveProperty('binaryPropertyOutput');
	},
);
