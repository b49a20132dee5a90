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

/** What this node does in the sub-executions that wait for the videos of a paused execution. */
export const INTERNAL_ROLE = {
	/** Starts the sub-execution that checks, and pauses until it has ended. */
	watch: 'watch',
	/** Takes its output, or starts it again where it was killed. */
	conclude: 'conclude',
	/** Pauses until the next check. */
	wait: 'wait',
	check: 'check',
	download: 'download',
} as const;

/** Set by the node itself. */
export const internalRole: INodeProperties = {
	displayName: 'Internal',
	name: 'internalRole',
	type: 'hidden',
	default: '',
};

/** What all of these steps have to know, as JSON. */
export const internalData: INodeProperties = {
	displayName: 'Internal Data',
	name: 'internalData',
	type: 'hidden',
	default: '',
	displayOptions: { hide: { internalRole: [''] } },
};
