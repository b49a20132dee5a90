import type { Step } from '../../../scripts/n8n/workflow';

const httpRequest = { type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2 };

/** Puts the file at an address into the field `data`. */
export const download = (url: string): Step => ({
	...httpRequest,
	name: 'Download',
	parameters: { url, options: { response: { response: { responseFormat: 'file' } } } },
});

/** Sends the file in a field to an address. */
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

/** Adds a field of the item that an item was made from; the last step of its branch. */
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
