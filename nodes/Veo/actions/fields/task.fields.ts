import type { INodeProperties } from 'n8n-workflow';

export const taskId: INodeProperties = {
	displayName: 'Task ID',
	name: 'taskId',
	type: 'string',
	required: true,
	default: '={{ $json.id }}',
	placeholder: 'e.g. task_pa9CKKtYlTdxO7IIHOKKhXfjxEu4EQoR',
	description: "The task ID that 'Create Video' returned",
};

/** What this node does in a sub-execution of its own. */
export const INTERNAL_ROLE = { check: 'check', download: 'download' } as const;

/** Set by the node itself where it waits for the videos of a paused execution. */
export const internalRole: INodeProperties = {
	displayName: 'Internal',
	name: 'internalRole',
	type: 'hidden',
	default: '',
};
