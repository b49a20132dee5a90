// A test of something that older n8n cannot do says so in its title: "… (n8n ≥ 2.41)".
const REQUIREMENT = /\(n8n ≥ (\d+(?:\.\d+)*)\)/;

// What newer n8n no longer does: "… (n8n < 2.41)".
const LIMIT = /\(n8n < (\d+(?:\.\d+)*)\)/;

// What just one version cannot do, and older ones can: "… (not n8n 2.0)".
const EXCEPTION = /\(not n8n (\d+\.\d+)\)/;

// What depends on where n8n keeps files: "… (files on disk)", "… (files in memory)".
const FILES = /\(files (on disk|in memory)\)/;

/** n8n keeps files in memory before this version, unless it is told otherwise. */
const FILES_ON_DISK_SINCE = '2.0';

/** Whether a test, by its full title, is about something that the given n8n does not do. */
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
