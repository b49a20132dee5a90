/** Plain JavaScript, because it also runs on an old Node.js. */
const { nodeError } = jest.requireActual<{ nodeError: (version: string) => string | undefined }>(
	'../../scripts/requireNode',
);

it.each(['18.20.8', '20.14.9', '4.0.0'])('refuses Node.js %s in words', (version) => {
	expect(nodeError(version)).toMatch(`needs Node.js 20.15 or later, and this is ${version}.`);
});

it.each(['20.15.0', '20.20.2', '22.0.0', '24.11.1'])('accepts Node.js %s', (version) => {
	expect(nodeError(version)).toBeUndefined();
});
