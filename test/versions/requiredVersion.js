// A test of something that older n8n cannot do says so in its title: "… (n8n ≥ 2.41)".
const REQUIREMENT = /\(n8n ≥ (\d+(?:\.\d+)*)\)/;

/** Whether a test, by its full title, requires a newer n8n than the given version. */
function requiresNewer(title, version) {
	const [, required] = REQUIREMENT.exec(title) ?? [];
	return required !== undefined && isBefore(version, required);
}

function isBefore(version, other) {
	const [numbers, others] = [version, other].map((text) => text.split('.').map(Number));
	const index = others.findIndex((number, at) => number !== numbers[at]);
	return index >= 0 && numbers[index] < others[index];
}

module.exports = { requiresNewer };
