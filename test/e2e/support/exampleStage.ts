import type { INodeParameters } from 'n8n-workflow';

import type { CredentialRef, Execution, Workflow } from '../../../scripts/n8n/rest';
import type { SandboxOptions } from '../../sandbox/server';
import { startChatModel, videoScript, type ChatModel } from './chatModel';
import { prepareExample } from './examples';
import { startOutside, type Outside } from './outside';
import { setUp, type Stage } from './setUp';
import { until } from './until';

export interface ExampleStage extends Stage {
	/** Stands in for https://example.com. */
	outside: Outside;
	chatModel: ChatModel;
	/** Imports an example and gets it ready, with some parameters changed by node. */
	prepare: (name: string, edits?: Record<string, INodeParameters>) => Promise<Workflow>;
	/** @returns the execution, which has to end well */
	run: (workflow: Workflow, trigger: string) => Promise<Execution>;
	/** The latest execution, which has to end well. */
	lastOf: (workflow: Workflow) => Promise<Execution>;
	/** The hashes of the images that a task was made from. */
	imagesOf: (taskId: unknown) => string[];
}

export const WRITTEN_PROMPT = 'A scene, written by the model';

/** A stage with stand-ins for all that the examples talk to; each test finds it as new. */
export function setUpExamples(sandbox: SandboxOptions = {}): ExampleStage {
	const stage = setUp({ sandbox }) as ExampleStage;
	let credentials: Record<string, CredentialRef>;
	beforeAll(async () => {
		stage.outside = await startOutside();
		stage.chatModel = await startChatModel((request) =>
			request.tools?.length ? videoScript(request) : WRITTEN_PROMPT,
		);
		const openAi = { apiKey: 'x', url: stage.chatModel.url };
		credentials = {
			cometApi: stage.credential,
			openAiApi: await stage.rest.createCredential('openAiApi', openAi),
		};
	});
	beforeEach(() => {
		stage.sandbox.reset();
		stage.outside.received.length = 0;
		stage.chatModel.requests.length = 0;
	});
	afterAll(async () => {
		await stage.outside?.close();
		await stage.chatModel?.close();
	});

	stage.prepare = async (name, edits) =>
		await prepareExample(stage, name, { credentials, outsideUrl: stage.outside.url, edits });
	stage.run = async (workflow, trigger) => {
		await stage.rest.run(workflow, trigger);
		return await stage.lastOf(workflow);
	};
	stage.lastOf = async (workflow) => {
		const { rest } = stage;
		const { id } = await until('an execution', async () =>
			(await rest.executionsOf(workflow)).at(0),
		);
		await rest.untilEnded(workflow.id, id, 200);
		const execution = await rest.execution(id);
		expect(execution.error).toBeUndefined();
		expect(execution.status).toBe('success');
		return execution;
	};
	stage.imagesOf = (taskId) => {
		const task = stage.sandbox.tasks.find(({ id }) => id === taskId);
		return task?.parts.flatMap((part) => ('sha256' in part ? part.sha256 : [])) ?? [];
	};
	return stage;
}
