import type { INodeProperties } from 'n8n-workflow';

import { extraFields, fileName, includeFileLink, maxConcurrent, maxVideos } from './shared.fields';
import { onTimeout, pollInterval, timeout, waitMode } from './wait.fields';

/** What else can be set, by the alphabet for each operation. */
export const optionsFields: INodeProperties[] = [
	optionsOf('create', [extraFields, maxConcurrent, maxVideos]),
	optionsOf('createAndWait', [
		extraFields,
		fileName,
		includeFileLink,
		maxConcurrent,
		maxVideos,
		onTimeout,
		pollInterval,
		timeout,
		waitMode,
	]),
	optionsOf('retrieve', [fileName, includeFileLink, maxConcurrent]),
];

function optionsOf(operation: string, options: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options,
		displayOptions: { show: { operation: [operation] } },
	};
}
