import type { INodeParameters } from 'n8n-workflow';

import type { CredentialRef, Execution, Workflow } from '../../../scripts/n8n/rest';
import type { SandboxOptions } from '../../sandbox/server';
import { startChatModel, videoScript, type ChatModel } from './chatModel';
import { prepareExample } from './examples';
import { startFakeService, type FakeService } from './fakeService';
import { startMailServer, type MailServer } from './mailServer';
import { setUp, type SetUpOptions, type TestContext } from './setUp';
import { until } from './until';

export interface ExamplesContext extends TestContext {
	/** Stands in for https://example.com. */
	service: FakeService;
	chatModel: ChatModel;
	mailServer: MailServer;
	/** Imports an example and prepares it for its first run; `edits` are parameters by node name. */
	prepare: (name: string, edits?: Record<string, INodeParameters>) => Promise<Workflow>;
	/** @returns the execution, which must succeed */
	run: (workflow: Workflow, trigger: string) => Promise<Execution>;
	/** @returns the latest execution, which must succeed */
	lastOf: (workflow: Workflow) => Promise<Execution>;
	/** SHA-256 of the images that were sent with a task. */
	imagesOf: (taskId: unknown) => string[];
}

/** The token that an MCP client must send. */
export const MCP_TOKEN = 'token-of-the-tests';

/** Of the Telegram bot. */
export const TELEGRAM_TOKEN = '1:token';

export const WRITTEN_PROMPT = 'A scene, written by the model';

/** Starts n8n with fakes of all services that the examples use, reset before each test. */
export function setUpExamples(
	sandbox: SandboxOptions = {},
	env?: SetUpOptions['env'],
): ExamplesContext {
	const context = setUp({ sandbox, env }) as ExamplesContext;
	let credentials: Record<string, CredentialRef>;
	beforeAll(async () => {
		context.service = await startFakeService();
		context.chatModel = await startChatModel((request) =>
			request.tools?.length ? videoScript(request) : WRITTEN_PROMPT,
		);
		context.mailServer = await startMailServer();
		const openAi = { apiKey: 'x', url: context.chatModel.url };
		credentials = {
			cometApiVeoApi: context.credential,
			openAiApi: await context.rest.createCredential('openAiApi', openAi),
			httpBearerAuth: await context.rest.createCredential('httpBearerAuth', { token: MCP_TOKEN }),
			httpHeaderAuth: await context.rest.createCredential('httpHeaderAuth', {
				...{ name: 'x-key', value: 'key' },
			}),
			telegramApi: await context.rest.createCredential('telegramApi', {
				...{ accessToken: TELEGRAM_TOKEN, baseUrl: context.service.url },
			}),
			...(await googleCredentials(context)),
			smtp: await context.rest.createCredential('smtp', {
				...{ user: '', password: '', host: '127.0.0.1', port: context.mailServer.port },
				...{ secure: false, disableStartTls: true },
			}),
		};
	});
	beforeEach(() => {
		context.sandbox.reset();
		context.service.received.length = 0;
		context.chatModel.requests.length = 0;
		context.mailServer.mails.length = 0;
	});
	afterAll(async () => {
		await context.service?.close();
		await context.chatModel?.close();
		await context.mailServer?.close();
	});

	context.prepare = async (name, edits) =>
		await prepareExample(context, name, { credentials, serviceUrl: context.service.url, edits });
	context.run = async (workflow, trigger) => {
		await context.rest.run(workflow, trigger);
		return await context.lastOf(workflow);
	};
	context.lastOf = async (workflow) => {
		const { rest } = context;
		const { id } = await until('an execution', async () =>
			(await rest.executionsOf(workflow)).at(0),
		);
		const execution = await rest.ended(workflow, id);
		expect(execution.error).toBeUndefined();
		expect(execution.status).toBe('success');
		return execution;
	};
	context.imagesOf = (taskId) => {
		const task = context.sandbox.tasks.find(({ id }) => id === taskId);
		return task?.parts.flatMap((part) => ('sha256' in part ? part.sha256 : [])) ?? [];
	};
	return context;
}

/** As after signing in with Google. */
async function googleCredentials({ rest }: TestContext) {
	const data = {
		...{ clientId: 'x', clientSecret: 'x' },
		oauthTokenData: { access_token: 'x', token_type: 'Bearer', expires_in: 3_600 },
	};
	return {
		googleSheetsOAuth2Api: await rest.createCredential('googleSheetsOAuth2Api', data),
		googleDriveOAuth2Api: await rest.createCredential('googleDriveOAuth2Api', data),
	};
}
