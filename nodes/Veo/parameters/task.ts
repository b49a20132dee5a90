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

/** The steps of the sub-executions that wait for the videos of a paused execution. */
export const INTERNAL_ROLE = {
	/** Tells, before anything is paid for, which credential the other steps will have. */
	probe: 'probe',
	/** Takes what the checks returned, and ends once there is nothing left to wait for. */
	collect: 'collect',
	/** Starts the sub-execution that checks, and pauses until it has ended. */
	supervise: 'supervise',
	/** Pauses until the next check. */
	sleep: 'sleep',
	check: 'check',
	download: 'download',
} as const;

/** Those that do not call CometAPI: n8n refuses to run a node whose credential is gone. */
export const WITHOUT_CREDENTIAL: string[] = [
	INTERNAL_ROLE.collect,
	INTERNAL_ROLE.supervise,
	INTERNAL_ROLE.sleep,
];

export type InternalRole = (typeof INTERNAL_ROLE)[keyof typeof INTERNAL_ROLE];

/** Set by the node itself. */
export const internalRole: INodeProperties = {
	displayName: 'Internal',
	name: 'internalRole',
	type: 'hidden',
	default: '',
};

/** Data that all of these steps need, as JSON. */
export const internalData: INodeProperties = {
	displayName: 'Internal Data',
	name: 'internalData',
	type: 'hidden',
	default: '',
	displayOptions: { hide: { internalRole: [''] } },
};
