const Sequencer = require('@jest/test-sequencer').default;

/** Sorts by name, but first come the files that take minutes and mostly wait. */
const LONG = ['Kills', 'durable.', 'pausedWorkflows', 'queue', 'dev.'];

module.exports = class LongestFirst extends Sequencer {
	sort(tests) {
		const order = ({ path }) => {
			const rank = LONG.findIndex((part) => path.split('/').pop().includes(part));
			return `${rank < 0 ? LONG.length : rank} ${path}`;
		};
		return [...tests].sort((a, b) => order(a).localeCompare(order(b)));
	}
};
