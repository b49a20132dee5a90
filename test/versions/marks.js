// A test that needs a newer n8n says so in its title: "… (n8n ≥ 2.41)".
const REQUIREMENT = /\(n8n ≥ (\d+(?:\.\d+)*)\)/;

// A test of behaviour that newer n8n no longer has: "… (n8n < 2.41)".
const LIMIT = /\(n8n < (\d+(?:\.\d+)*)\)/;

// A test that fails in one version but not in older ones: "… (not n8n 2.0)".
const EXCEPTION = /\(not n8n (\d+\.\d+)\)/;

// A test that depends on the place of n8n's files: "… (files on disk)", "… (files in memory)".
const FILES = /\(files (on disk|in memory)\)/;

/** Before this version, n8n keeps files in memory by default. */
const FILES_ON_DISK_SINCE = '2.0';

/** Whether a test, by its full title, is about something that the given n8n does not support. */
function isBeyond(title, { version, binaryMode }) {
	const [required, limit, except, files] = [REQUIREMENT, LIMIT, EXCEPTION, FILES].map(
		(mark) => mark.exec(title)?.[1],
	);
	const isOnDisk = binaryMode === 'filesystem' || !isBefore(version, FILES_ON_DISK_SINCE);
	return (
		(except !== undefined && version.startsWith(`${except}.`)) ||
		(required !== undefined && isBefore(version, required)) ||
		(limit !== undefined && !isBefore(version, limit)) ||
		(files !== undefined && isOnDisk !== (files === 'on disk'))
	);
}

function isBefore(version, other) {
	const [numbers, others] = [version, other].map((text) => text.split('.').map(Number));
	const index = others.findIndex((number, at) => number !== numbers[at]);
	return index >= 0 && numbers[index] < others[index];
}

module.exports = { isBeyond };
