import type { Step } from '../../../scripts/n8n/workflow';

const httpRequest = { type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2 };

/** Downloads the file at a URL into the field `data`. */
export const download = (url: string): Step => ({
	...httpRequest,
	name: 'Download',
	parameters: { url, options: { response: { response: { responseFormat: 'file' } } } },
});

/** Uploads the file of a field to a URL. */
export const upload = (url: string, inputDataFieldName: string): Step => ({
	...httpRequest,
	name: 'Upload',
	parameters: {
		method: 'PUT',
		url,
		sendBody: true,
		contentType: 'binaryData',
		inputDataFieldName,
	},
});

/** Adds a field of the paired input item. The last step of its branch. */
export const fromItem = (name: string, field: string): Step => {
	const value = `={{ $('Items').item.json.${field} }}`;
	return {
		name,
		type: 'n8n-nodes-base.set',
		typeVersion: 3.4,
		parameters: {
			assignments: { assignments: [{ id: name, name: field, type: 'string', value }] },
			includeOtherFields: true,
			options: { stripBinary: false },
		},
		to: [],
	};
};
