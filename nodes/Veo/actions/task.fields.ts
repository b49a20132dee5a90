import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { Fault } from '../api/fault';

const displayOptions = { show: { operation: ['retrieve'] } };

/** What Retrieve Video does in a sub-execution of this node's own. */
export const parkedRole: INodeProperties = {
	displayName: 'Parked Role',
	name: 'parkedRole',
	type: 'hidden',
	default: '',
	displayOptions,
};

/** Which task; above what the operations have in common. */
export const taskFields: INodeProperties[] = [
	parkedRole,
	{
		displayName: 'Task ID',
		name: 'taskId',
		type: 'string',
		required: true,
		default: '={{ $json.id }}',
		placeholder: 'e.g. task_pa9CKKtYlTdxO7IIHOKKhXfjxEu4EQoR',
		description: "The ID that 'Create Video' gave",
		displayOptions,
	},
];

/** @throws Fault where there is none */
export function readTaskId(context: IExecuteFunctions, item: number): string {
	const id = String(context.getNodeParameter('taskId', item, '') ?? '').trim();
	if (id) return id;
	throw new Fault("'Task ID' is empty", {
		advice: "Map the field 'id' of the item that 'Create Video' gave",
	});
}
