import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { Veo } from '../../nodes/Veo/Veo.node';

const { description, methods } = new Veo();

const IMAGE_FIELDS = ['imageField', 'firstFrameField', 'lastFrameField'];

const property = (name: string) => description.properties.find((found) => found.name === name)!;

const optionsOf = (operation: string) =>
	description.properties.find(
		({ name, displayOptions }) =>
			name === 'options' && displayOptions?.show?.operation?.includes(operation),
	)!.options as INodeProperties[];

const choices = (name: string) =>
	Object.fromEntries(
		(property(name).options as INodePropertyOptions[]).map((option) => [option.value, option.name]),
	);

it('should offer these kinds of image input', () => {
	expect(choices('imageInput')).toEqual({
		none: 'None',
		image: 'One Image',
		frames: 'First and Last Frame',
		items: 'Images of All Input Items',
	});
});

it('should offer these sizes', () => {
	expect(Object.keys(choices('size'))).toEqual(['16x9', '9x16']);
});

it('should offer a model from the live list or by its ID', () => {
	const { type, required, modes } = property('model');
	expect({ type, required }).toEqual({ type: 'resourceLocator', required: true });
	expect(modes!.map(({ name, type: kind }) => [name, kind])).toEqual([
		['list', 'list'],
		['id', 'string'],
	]);
	expect(methods.listSearch).toHaveProperty(modes![0].typeOptions!.searchListMethod as string);
});

it.each([
	['maxConcurrent', 'Max Concurrent Videos', 5, { minValue: 1, maxValue: 100 }],
	['maxVideos', 'Max Videos per Run', 0, { minValue: 0 }],
	['pollInterval', 'Polling Interval (Seconds)', 5, { minValue: 1 }],
	['timeout', 'Timeout (Minutes)', 15, { minValue: 0 }],
	['onTimeout', 'On Timeout', 'error', undefined],
	['fileName', 'File Name', '', undefined],
	['extraFields', 'Extra Fields', {}, { multipleValues: true }],
])('should have the option %s', (name, displayName, value, typeOptions) => {
	const option = optionsOf('createAndWait').find((candidate) => candidate.name === name);
	expect(option).toMatchObject({ displayName, default: value });
	expect(option!.typeOptions ?? {}).toMatchObject(typeOptions ?? {});
});

it.each(['prompt', 'model', 'taskId', ...IMAGE_FIELDS])('should require %s', (name) => {
	expect(property(name).required).toBe(true);
});

it('should list the choices of every parameter in the order of the alphabet', () => {
	const all = [...description.properties, ...optionsOf('createAndWait')];
	const lists = all.filter(({ type, name }) => type === 'options' && name !== 'operation');
	expect(lists.map(({ name }) => name)).toEqual(['size', 'imageInput', 'onTimeout', 'waitMode']);
	for (const { options } of lists) {
		const names = options!.map(({ name }) => name);
		expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b)));
	}
});
