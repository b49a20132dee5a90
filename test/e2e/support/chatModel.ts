import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';

import { serve } from './serve';

interface Message {
	role: 'system' | 'user' | 'assistant' | 'tool';
	content: string | null;
}

export interface ChatRequest {
	messages: Message[];
	tools?: Array<{
		function: { name: string; description: string; parameters: { properties?: object } };
	}>;
	stream?: boolean;
}

/** A text, or a tool call, made once or several times at once. */
export type Reply = string | { tool: string; arguments: object; times?: number };

export interface ChatModel {
	/** The base URL for an OpenAI credential. */
	url: string;
	requests: ChatRequest[];
	close: () => Promise<void>;
}

/** A fake OpenAI-compatible chat model whose replies follow a script. */
export async function startChatModel(script: (request: ChatRequest) => Reply): Promise<ChatModel> {
	const requests: ChatRequest[] = [];
	const { url, close } = await serve((req, res) => {
		if (req.method === 'GET') return sendJson(res, { object: 'list', data: [{ id: MODEL }] });
		void json(req).then((body) => {
			const request = body as ChatRequest;
			requests.push(request);
			const reply = script(request);
			if (request.stream) sendStream(res, reply);
			else sendJson(res, completion(reply, 'message'));
		});
	});
	return { url: `${url}/v1`, requests, close };
}

const MODEL = 'scripted';

function completion(reply: Reply, field: 'message' | 'delta') {
	const isText = typeof reply === 'string';
	const length = isText ? 1 : (reply.times ?? 1);
	const call = isText
		? undefined
		: { name: reply.tool, arguments: JSON.stringify(reply.arguments) };
	return {
		id: 'chatcmpl-1',
		object: field === 'delta' ? 'chat.completion.chunk' : 'chat.completion',
		created: Math.floor(Date.now() / 1000),
		model: MODEL,
		choices: [
			{
				index: 0,
				[field]: {
					role: 'assistant',
					content: isText ? reply : null,
					...(call && {
						tool_calls: Array.from({ length }, (_, index) => ({
							...{ index, id: `call_${randomUUID()}`, type: 'function', function: call },
						})),
					}),
				},
				finish_reason: isText ? 'stop' : 'tool_calls',
			},
		],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	};
}

function sendJson(res: ServerResponse, body: object): void {
	res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendStream(res: ServerResponse, reply: Reply): void {
	res.writeHead(200, { 'content-type': 'text/event-stream' });
	res.end(`data: ${JSON.stringify(completion(reply, 'delta'))}\n\ndata: [DONE]\n\n`);
}

/** Calls the tool several times, regardless of its results, and repeats the last result. */
export function toolCalls(
	{ messages, tools = [] }: ChatRequest,
	times: number,
	args: object,
): Reply {
	const results = messages.filter(({ role }) => role === 'tool');
	return results.length < times
		? { tool: tools[0].function.name, arguments: args }
		: `${results.at(-1)?.content}`;
}

/** Calls the tool several times with the same prompt. */
export const callAgain =
	(times: number) =>
	(request: ChatRequest): Reply => {
		const question = request.messages.find(({ role }) => role === 'user');
		return toolCalls(request, times, { Prompt: `A video of ${question?.content}` });
	};

/** Calls the tool with the user's request, then replies with the link in the tool's result. */
export function videoScript({ messages, tools = [] }: ChatRequest): Reply {
	const last = messages[messages.length - 1];
	if (last.role !== 'tool') {
		const [{ function: tool }] = tools;
		const given = { Prompt: `A video of ${last.content}` };
		// behind a human review
		const isReviewed = 'toolParameters' in (tool.parameters.properties ?? {});
		return { tool: tool.name, arguments: isReviewed ? { toolParameters: given } : given };
	}
	// the result is JSON inside JSON, nested once or twice
	const result = `${last.content}`.replaceAll('\\', '');
	const findLink = (field: string) => new RegExp(`"${field}":\\s*"([^"]+)"`).exec(result)?.[1];
	const link = findLink('file_url') ?? findLink('video_url');
	return link ? `Here is your video: ${link}` : `There is no video: ${result}`;
}
