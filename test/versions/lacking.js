const DURABLE = 'a durable wait should';

/** What older n8n cannot do, whatever the node does: since when n8n can, and which tests want it. */
const lacking = [
	{
		since: '2.41',
		why: 'A parked execution is not resumed after its sub-execution; the node says so, and pays nothing',
		tests: [
			`${DURABLE} start all videos, and park the execution with them`,
			`${DURABLE} park nothing where an item stops the node, and take its tasks up in a Retry`,
			`${DURABLE} send a video anew in a Retry where the earlier one has failed meanwhile`,
			`${DURABLE} keep the place of a failed item among those that are waited for`,
		],
	},
];

/** Whether the test wants what this version of n8n does not have. */
const isLacking = (test, n8n) =>
	lacking.some(({ since, tests }) => isBefore(n8n, since) && tests.includes(test));

function isBefore(version, other) {
	const [numbers, others] = [version, other].map((text) => text.split('.').map(Number));
	const index = others.findIndex((number, at) => number !== numbers[at]);
	return index >= 0 && numbers[index] < others[index];
}

module.exports = { isLacking };
