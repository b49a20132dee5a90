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

it('Image Input has these choices', () => {
	expect(choices('imageInput')).toEqual({
		none: 'None',
		image: 'One Image',
		frames: 'First and Last Frame',
		items: 'Images From All Input Items',
	});
});

it('Aspect Ratio has these choices', () => {
	expect(choices('size')).toEqual({
		'16x9': 'Landscape (16:9)',
		'1920x1080': 'Landscape 1080p (1920x1080)',
		'3840x2160': 'Landscape 4K (3840x2160)',
		'1280x720': 'Landscape 720p (1280x720)',
		'9x16': 'Portrait (9:16)',
		'720x1280': 'Portrait 720p (720x1280)',
	});
});

it('Duration has these choices', () => {
	const duration = optionsOf('createAndWait').find(({ name }) => name === 'duration')!;
	expect(duration).toMatchObject({ displayName: 'Duration (Seconds)', type: 'options' });
	expect(duration.options).toEqual([
		{ name: '4', value: 4 },
		{ name: '6', value: 6 },
		{ name: '8', value: 8 },
	]);
});

it('While Waiting has these choices', () => {
	const waitMode = optionsOf('createAndWait').find(({ name }) => name === 'waitMode')!;
	expect(waitMode).toMatchObject({ displayName: 'While Waiting', default: 'memory' });
	expect(waitMode.options).toMatchObject([
		{ name: 'Keep Execution Running', value: 'memory' },
		{ name: 'Pause Execution (Survives Restarts)', value: 'durable' },
	]);
});

it('On Timeout has these choices', () => {
	const onTimeout = optionsOf('createAndWait').find(({ name }) => name === 'onTimeout')!;
	expect(onTimeout.options).toMatchObject([
		{ name: 'Return Task', value: 'returnTask' },
		{ name: 'Throw Error', value: 'error' },
	]);
});

it.each([
	['prompt', 'Prompt', ''],
	['model', 'Model', { mode: 'list', value: 'veo3-fast' }],
	['size', 'Aspect Ratio', '16x9'],
	['imageInput', 'Image Input', 'none'],
	['imageField', 'Input Data Field Name', 'data'],
	['firstFrameField', 'First Frame Field Name', 'firstFrame'],
	['lastFrameField', 'Last Frame Field Name', 'lastFrame'],
	['taskId', 'Task ID', '={{ $json.id }}'],
	['downloadVideo', 'Download Video', true],
	['binaryPropertyOutput', 'Put Output File in Field', 'data'],
])('the parameter %s is called %s', (name, displayName, value) => {
	expect(property(name)).toMatchObject({ displayName, default: value });
});

it('Model accepts a model from the live list or by its ID', () => {
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
	['includeFileLink', 'Include File Link', false, undefined],
	['extraFields', 'Additional Fields', {}, { multipleValues: true }],
])('the option %s is called %s', (name, displayName, value, typeOptions) => {
	const option = optionsOf('createAndWait').find((candidate) => candidate.name === name);
	expect(option).toMatchObject({ displayName, default: value });
	expect(option!.typeOptions ?? {}).toMatchObject(typeOptions ?? {});
});

it.each(['prompt', 'model', 'taskId', ...IMAGE_FIELDS])('%s is required', (name) => {
	expect(property(name).required).toBe(true);
});

it('every parameter lists its choices in alphabetical order', () => {
	const all = [...description.properties, ...optionsOf('createAndWait')];
	const lists = all.filter(({ type, name }) => type === 'options' && name !== 'operation');
	expect([...new Set(lists.map(({ name }) => name))].sort()).toEqual([
		...['duration', 'imageInput', 'imageSource', 'onTimeout', 'size', 'waitMode'],
	]);
	for (const { options } of lists) {
		const names = options!.map(({ name }) => name);
		expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b)));
	}
});
