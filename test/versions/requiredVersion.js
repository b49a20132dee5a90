// A test of something that older n8n cannot do says so in its title: "… (n8n ≥ 2.41)".
const REQUIREMENT = /\(n8n ≥ (\d+(?:\.\d+)*)\)/;

// What just one version cannot do, and older ones can: "… (not n8n 2.0)".
const EXCEPTION = /\(not n8n (\d+\.\d+)\)/;

/** Whether a test, by its full title, is about something that the given version of n8n cannot do. */
function isBeyond(title, version) {
	const [, required] = REQUIREMENT.exec(title) ?? [];
	const [, except] = EXCEPTION.exec(title) ?? [];
	if (except !== undefined && version.startsWith(`${except}.`)) return true;
	return required !== undefined && isBefore(version, required);
}

function isBefore(version, other) {
	const [numbers, others] = [version, other].map((text) => text.split('.').map(Number));
	const index = others.findIndex((number, at) => number !== numbers[at]);
	return index >= 0 && numbers[index] < others[index];
}

module.exports = { isBeyond };
