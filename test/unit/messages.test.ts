import type { UserText } from '../../nodes/Veo/errors';
import { VideoError } from '../../nodes/Veo/errors';
import { credentialText } from '../../nodes/Veo/messages/credentialTexts';
import { cancelText, paidTasksText } from '../../nodes/Veo/messages/errorTexts';
import {
	estimateText,
	failedItemsText,
	hintText,
	modelListText,
} from '../../nodes/Veo/messages/hints';
import { joinSentences } from '../../nodes/Veo/messages/phrases';
import {
	cancelTexts,
	CONTEXTS,
	errorsOfAllKinds,
	errorsWithAllData,
	INPUT_ERRORS,
	inputErrors,
	textIn,
} from '../support/texts';

const contexts = Object.values(CONTEXTS);

/** Every text that an error can have, in every context. */
const errorTexts: UserText[] = [
	...errorsWithAllData.flatMap((error) => contexts.map((context) => textIn(error, context))),
	...inputErrors.map((error) => textIn(error)),
	...cancelTexts,
];
const otherTexts = [
	...Object.values(hintText).map((hint) => hint(['task_1', 'task_2'])),
	estimateText({ videos: 3, usd: 0.96, formats: ['16x9, 8 seconds'] }),
	failedItemsText(1, 2),
	...Object.values(credentialText),
	...Object.values(modelListText),
	...contexts.map((context) => paidTasksText(['task_1'], context)),
];

/** Words that n8n's guidelines leave out of messages. */
const BLAME = /\b(errors?|problems?|failures?|mistakes?|invalid|illegal)\b/i;

/** Phrases that are not natural English. */
const TRANSLATED =
	/\b(hands? on|lies in|goes on|look how|sets? out from|mend|anew|takes? up|taken up|all the same|as it stands|whoever|be had|under way|side by side|put right|is to be|makes? of|parked|Extra Fields|Wait Mode|Durable)\b/i;

describe('every message', () => {
	it('has text, in one line', () => {
		for (const { message } of errorTexts) expect(message).toMatch(/^\S.*\S$/);
	});

	it('ends without a full stop, because n8n appends the item', () => {
		for (const { message } of errorTexts) expect(message).not.toMatch(/[.:,;]$/);
	});

	it('blames nobody', () => {
		// n8n's words and CometAPI's reasons are exempt
		for (const { message } of errorTexts) expect(message).not.toMatch(BLAME);
	});

	it('is short', () => {
		for (const { message } of errorTexts) expect(message.length).toBeLessThan(190);
	});
});

describe('every text', () => {
	const texts = [...errorTexts.flatMap(({ message, description }) => [message, description])];

	it('contains no missing value', () => {
		for (const text of [...texts, ...otherTexts]) {
			// an expression that returns nothing is reported in words
			expect(text).not.toMatch(/undefined|null|NaN|\[object|''|\(\)/);
		}
	});

	it('has no gaps and no double full stops', () => {
		for (const text of [...texts, ...otherTexts])
			expect(text).not.toMatch(/ {2}|[^']\.\.|\. \.|^ | $/);
	});

	it('is plain English', () => {
		for (const text of [...texts, ...otherTexts]) expect(text).not.toMatch(TRANSLATED);
	});

	it('begins with a capital letter, a name in quotes or n8n', () => {
		for (const text of texts) expect(text).toMatch(/^([A-Z']|n8n|$)/);
	});
});

it.each(Object.entries(INPUT_ERRORS))('the input error %s states what to do', (_name, errors) => {
	for (const error of errors) {
		expect(error.kind).toBe('invalidInput');
		const { description } = textIn(error);
		expect(description).toMatch(/^[A-Z]/);
		expect(description.length).toBeLessThan(400);
	}
});

it.each(errorsOfAllKinds.map((error) => [error.kind, error.data, error] as const))(
	'the kind %s %j states what to do when the task is known',
	(_kind, _data, error) => {
		for (const context of contexts) {
			expect(textIn(error.with({ taskId: 'task_1' }), context).description).not.toBe('');
		}
	},
);

describe('a task that is paid for', () => {
	const error = new VideoError('unauthorized', { taskId: 'task_1', status: 'completed' });

	it.each([
		[
			'an execution',
			/retry this execution in the Executions tab, or use 'Retrieve Video' with task ID task_1$/,
		],
		['a paused execution', /available: use 'Retrieve Video' with task ID task_1$/],
		[
			'a sub-execution',
			/retry execution 7 in the Executions tab of this sub-workflow \(not the one that called it\)/,
		],
		['a tool of an AI Agent', /available: call the tool again with the same input$/],
		['a tool of an MCP client', /available: use 'Retrieve Video' with task ID task_1$/],
	])('is reported as available in %s', (name, expected) => {
		expect(textIn(error, CONTEXTS[name]).description).toMatch(expected);
	});

	it('is called a video once it is completed', () => {
		expect(textIn(error).description).toMatch(/The video is still available/);
		const queued = error.with({ status: 'queued' });
		expect(textIn(queued).description).toMatch(/The task is still available/);
	});

	it.each(['generationFailed', 'unknownTask', 'noFile', 'expired'] as const)(
		'is not reported as available when it is gone: %s',
		(kind) => {
			for (const context of contexts) {
				const gone = new VideoError(kind, { taskId: 'task_1', status: 'completed' });
				const { description } = textIn(gone, context);
				expect(description).not.toMatch(/still available/);
				expect(description).toContain('task_1');
			}
		},
	);
});

describe('a new video', () => {
	const gone = new VideoError('noFile', { taskId: 'task_1', detail: 'dropped' });

	it.each([
		['an execution', /A retry creates a new video\. Task ID: task_1$/],
		[
			'a paused execution',
			/To create a new video, run the workflow again with this item only\. Task ID: task_1$/,
		],
		['a tool of an AI Agent', /Calling the tool again creates a new video\. Task ID: task_1$/],
		['a tool of an MCP client', /Calling the tool again creates a new video\. Task ID: task_1$/],
	])('is offered in place of a task that is gone in %s', (name, expected) => {
		expect(textIn(gone, CONTEXTS[name]).description).toMatch(expected);
	});

	it('is not promised for a retry when the node did not create the task', () => {
		for (const kind of ['noFile', 'expired', 'unknownTask'] as const) {
			const { description } = textIn(new VideoError(kind, { taskId: 'task_1' }));
			expect(description).not.toMatch(/retry/i);
		}
	});
});

describe('a request without a response', () => {
	const error = new VideoError('noResponse', { call: 'create', code: 'ECONNRESET' });

	it.each([
		[
			'an execution',
			/To send it again, retry this execution in the Executions tab \(ECONNRESET\)$/,
		],
		[
			'a sub-execution',
			/To send it again, retry execution 7 in the Executions tab of this sub-workflow/,
		],
		['a tool of an AI Agent', /Calling the tool again in this execution does not resend it/],
		['a tool of an MCP client', /Calling the tool again sends it again and may charge you twice/],
	])('states who can send it again in %s', (name, expected) => {
		expect(textIn(error, CONTEXTS[name]).description).toMatch(expected);
		expect(textIn(new VideoError('notResent'), CONTEXTS[name]).description).toMatch(
			new RegExp(expected.source.replace(' \\(ECONNRESET\\)', '')),
		);
	});
});

describe('a timeout', () => {
	const late = new VideoError('timedOut', { taskId: 'task_1', timeoutMin: 15 });

	it.each([
		[
			'an execution',
			"CometAPI is still working on task task_1. Retry this execution in the Executions tab to keep waiting, or use 'Retrieve Video' with task ID task_1. Running the workflow again pays for a new video. For later runs, increase 'Timeout (Minutes)'",
		],
		[
			'a paused execution',
			"CometAPI is still working on task task_1. Use 'Retrieve Video' with task ID task_1. Running the workflow again pays for a new video. For later runs, increase 'Timeout (Minutes)'",
		],
		[
			'a tool of an AI Agent',
			'CometAPI is still working on task task_1. Call the tool again with the same input to keep waiting',
		],
		[
			'a tool of an MCP client',
			"CometAPI is still working on task task_1. Use 'Retrieve Video' with task ID task_1. Calling the tool again pays for a new video. For later runs, increase 'Timeout (Minutes)'",
		],
	])('states how to keep waiting in %s', (name, description) => {
		expect(textIn(late, CONTEXTS[name])).toEqual({
			message: 'The video was not finished within 15 minutes',
			description,
		});
	});

	it('is reported in minutes', () => {
		const { message } = textIn(late.with({ timeoutMin: 1 }));
		expect(message).toBe('The video was not finished within 1 minute');
	});

	it("ends with CometAPI's last message", () => {
		const { description } = textIn(late.with({ reason: 'Busy (request id: 7)', code: 'x' }));
		expect(description).toMatch(/\. CometAPI last said: Busy \(request id: 7\) \(x\)$/);
	});
});

it('the reason of a failed video appears only in its message', () => {
	const text = textIn(new VideoError('generationFailed', { reason: 'No people', code: 'x' }));
	expect(text.message).toBe('Veo could not generate the video: No people');
	expect(text.description).not.toMatch(/No people/);
});

it('the code of a failed video without a reason is in its message', () => {
	const failed = new VideoError('generationFailed', { code: 'expired', status: 'failed' });
	expect(textIn(failed).message).toBe(
		'Veo could not generate the video: no reason given (expired)',
	);
	const word = failed.with({ code: 'failed' });
	expect(textIn(word).message).toBe('Veo could not generate the video: no reason given');
});

it('the server of a file is not called CometAPI', () => {
	const data = { call: 'download', httpCode: 403, reason: 'Request has expired' } as const;
	const { description } = textIn(new VideoError('downloadFailed', data));
	expect(description).toBe('The server says: Request has expired');
});

it.each([
	['stalled', 'no data received for 30 seconds'],
	['empty', 'the file is empty'],
	['incomplete', 'the file is incomplete'],
	['notVideo', 'the server returned something other than a video'],
	['notReady', 'the file is not ready yet'],
	['connection', 'the connection was lost'],
	['status', 'the server responded with status 403'],
] as const)('a download that ends as %s reports it', (detail, why) => {
	const data = { call: 'download', httpCode: 403, detail } as const;
	const { message } = textIn(new VideoError('downloadFailed', data));
	expect(message).toBe(`The video could not be downloaded: ${why}`);
});

it.each([
	['oldN8n', 'it needs n8n 2.41 or later', 'Update n8n'],
	[
		'agentTool',
		'it does not work in tools of an AI Agent or MCP server',
		'Use the node in the workflow',
	],
	['notSaved', 'the workflow is not saved', 'Save the workflow first'],
] as const)('an execution that cannot be paused reports why: %s', (detail, why, way) => {
	expect(textIn(new VideoError('cannotPause', { detail }))).toEqual({
		message: `'Pause Execution (Survives Restarts)' is not available: ${why}`,
		description: `${way}, or set 'While Waiting' to 'Keep Execution Running'`,
	});
});

describe('an image that cannot be used', () => {
	const told = (given: unknown, fields = ['data', 'photo']) => {
		const [error] = [INPUT_ERRORS.imageNotFound[0]];
		expect(error.data.itemIndex).toBe(0);
		const { inputError } = jest.requireActual<
			typeof import('../../nodes/Veo/messages/inputErrors')
		>('../../nodes/Veo/messages/inputErrors');
		return textIn(inputError.imageNotFound('Input Data Field Name', given, fields, 0));
	};

	it.each<[unknown, RegExp, RegExp]>([
		['photos', /: the input has no binary field 'photos'$/, /Enter the name of the binary field/],
		['', /: it is empty$/, /Enter the name/],
		['undefined', /: the expression returns nothing$/, /Enter the name/],
		[undefined, /: the expression returns nothing$/, /Enter the name/],
		[null, /: the expression returns nothing$/, /Enter the name/],
		['https://host/a.png', /: it is a URL$/, /Image Source/],
		['data:image/png;base64,AAAA', /: it is base64 text$/, /Convert to File/],
		['iVBORw0K'.repeat(1_000), /: it is base64 text$/, /Convert to File/],
		[[{}], /: it is a list$/, /Use one file/],
		[{ json: {} }, /: it is an object and not one file$/, /\.data/],
		[{ mimeType: 'image/png' }, /: this n8n gives the file without its data$/, /Enter the name/],
	])('is reported with its cause: %j', (given, message, description) => {
		const text = told(given);
		expect(text.message).toMatch(/^No image found for 'Input Data Field Name': /);
		expect(text.message).toMatch(message);
		expect(text.message.length).toBeLessThan(150);
		expect(text.description).toMatch(description);
	});

	it.each(['photos', '', undefined, [{}], { json: {} }, { mimeType: 'image/png' }])(
		'is reported with the fields that the item has: %j',
		(given) => {
			expect(told(given).description).toMatch(/The item has these binary fields: 'data', 'photo'$/);
			expect(told(given, []).description).toMatch(/The item has no binary fields$/);
		},
	);
});

it('the tasks that are paid for are listed', () => {
	const text = (name: string) => paidTasksText(['task_1', 'task_2'], CONTEXTS[name]);
	expect(text('an execution')).toBe(
		'Already paid for, and reused when you retry this execution in the Executions tab: task_1, task_2',
	);
	expect(text('a paused execution')).toBe(
		"Already paid for; get them with 'Retrieve Video': task_1, task_2",
	);
	expect(text('a tool of an AI Agent')).toBe('Already paid for: task_1, task_2');
	expect(text('a sub-execution')).toMatch(/retry execution 7 .*: task_1, task_2$/);
});

it('a canceled execution differs from one that reached its time limit', () => {
	expect(cancelText(false, 'Paid')).toEqual({
		message: 'The execution was canceled',
		description: 'Paid',
	});
	expect(cancelText(true, '').message).toBe(
		'The execution reached its time limit and was canceled',
	);
});

it('sentences are joined without empty ones', () => {
	expect(joinSentences('One', '', undefined, 'Two')).toBe('One. Two');
});
