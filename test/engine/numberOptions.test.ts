import { prompts, setUp } from '../support/setUp';

const names: Record<string, string> = {
	maxConcurrent: "'Max Concurrent Videos' must be a number between 1 and 100",
	maxVideos: "'Max Videos per Run' must be a number of at least 0",
	pollInterval: "'Polling Interval (Seconds)' must be a number between 1 and 3600",
	timeout: "'Timeout (Minutes)' must be a number between 0 and 525600",
};

const bad: Array<[option: string, value: number | string]> = [
	['maxConcurrent', 0],
	['maxConcurrent', 101],
	['maxConcurrent', -1],
	['maxConcurrent', '={{ "abc" }}'],
	['maxConcurrent', '={{ "" }}'],
	['maxConcurrent', '={{ null }}'],
	['maxConcurrent', '={{ NaN }}'],
	['maxConcurrent', '={{ {} }}'],
	['maxVideos', -1],
	['maxVideos', '={{ "many" }}'],
	['maxVideos', '={{ "" }}'],
	['maxVideos', '={{ Infinity }}'],
	['pollInterval', 0],
	['pollInterval', 0.9],
	['pollInterval', -5],
	['pollInterval', '={{ "soon" }}'],
	['timeout', -1],
	['timeout', '={{ "long" }}'],
	['timeout', '={{ null }}'],
	['timeout', '={{ Infinity }}'],
	['pollInterval', 3601],
];

it.each(bad)('refuses %s of %j', async (option, value) => {
	const { run, sandbox } = await setUp();
	const { error } = await run({
		items: prompts('a', 'b'),
		parameters: { options: { [option]: value } },
	});
	expect(error?.message).toContain(names[option]);
	expect(error?.message).toMatch(/, but is '.*' \[item 0\]$/);
	expect(error?.description).toMatch(
		/^Change it in 'Options', or remove it to use the default \(\d+\)$/,
	);
	expect(sandbox.requests).toHaveLength(0);
});

it.each([
	['maxConcurrent', 1],
	['maxConcurrent', 100],
	['maxConcurrent', '={{ "7" }}'],
	['maxVideos', 0],
	['pollInterval', 1],
	['pollInterval', '={{ "2.5" }}'],
	['timeout', 1],
	['timeout', '={{ 0.5 }}'],
])('accepts %s of %j', async (option, value) => {
	const { run, sandbox } = await setUp();
	const { items } = await run({ parameters: { options: { [option]: value } } });
	expect(items[0].json.status).toBe('completed');
	expect(sandbox.counts().delivered).toBe(1);
});

it('names the item whose expression returns a bad number', async () => {
	const { run, sandbox } = await setUp();
	const { error } = await run({
		items: prompts('a', 'b'),
		parameters: { options: { timeout: '={{ $json.prompt === "b" ? -1 : 15 }}' } },
	});
	expect(error?.message).toBe(
		"'Timeout (Minutes)' must be a number between 0 and 525600, but is '-1' [item 1]",
	);
	expect(sandbox.requests).toHaveLength(0);
});

it('checks Max Concurrent Videos in Retrieve Video too', async () => {
	const { run, sandbox } = await setUp();
	const { error } = await run({
		parameters: { operation: 'retrieve', taskId: 'task_1', options: { maxConcurrent: 0 } },
	});
	expect(error?.message).toContain(names.maxConcurrent);
	expect(sandbox.requests).toHaveLength(0);
});
