import { keyHider } from '../../nodes/Veo/transport/keyHider';

/** A typical CometAPI key, and one with all characters that need escaping somewhere. */
const KEYS = ['sk-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789', 'sk-Ab/cd+ef==&"gh<ij>%kl\'m\\n'];

const hex = (char: string) => char.charCodeAt(0).toString(16).padStart(2, '0');
const each = (escape: (char: string) => string) => (key: string) => [...key].map(escape).join('');
const json = (text: string) => JSON.stringify(text).slice(1, -1);
const html = (apostrophe: string) => (key: string) =>
	key
		.replaceAll('&', '&amp;')
		.replaceAll('<', '&lt;')
		.replaceAll('>', '&gt;')
		.replaceAll('"', '&quot;')
		.replaceAll("'", apostrophe);

const FORMS: Array<[name: string, form: (key: string) => string]> = [
	['as it is', (key) => key],
	['in upper case', (key) => key.toUpperCase()],
	['after a letter that has two in lower case', (key) => `\u0130${key}\u0130`],
	['in JSON', json],
	['in JSON within JSON', (key) => json(json(key))],
	['in JSON, slashes too', (key) => json(key).replaceAll('/', '\\/')],
	['in the JSON of Go', (key) => json(key).replace(/[<>&]/g, (char) => `\\u00${hex(char)}`)],
	['in JSON in full', each((char) => `\\u00${hex(char)}`)],
	['in JSON in full, in capitals', each((char) => `\\u00${hex(char).toUpperCase()}`)],
	['in a URL', encodeURIComponent],
	['in a URL, strictly', each((char) => (/\w/.test(char) ? char : `%${hex(char)}`))],
	['in a URL in full', each((char) => `%${hex(char)}`)],
	['in a URL in full, in capitals', each((char) => `%${hex(char).toUpperCase()}`)],
	['in HTML', html('&#39;')],
	['in HTML, apostrophes as they are', html("'")],
	['in HTML in full', each((char) => `&#${char.charCodeAt(0)};`)],
	['in HTML, all signs', each((char) => (/\w/.test(char) ? char : `&#${char.charCodeAt(0)};`))],
	['in HTML, all signs as hex', each((char) => (/\w/.test(char) ? char : `&#x${hex(char)};`))],
	['in a script, all signs', each((char) => (/\w/.test(char) ? char : `\\x${hex(char)}`))],
	['in JSON, all signs', each((char) => (/\w/.test(char) ? char : `\\u00${hex(char)}`))],
	['in HTML in full, as hex', each((char) => `&#x${hex(char)};`)],
	...['', 'a', 'ab', 'Bearer ', 'authorization: '].flatMap(
		(before): Array<[string, (key: string) => string]> => [
			[`in base64 after '${before}'`, (key) => btoa(`${before}${key}`)],
			[
				`in base64 in JSON after '${before}'`,
				(key) => json(btoa(before + key)).replaceAll('/', '\\/'),
			],
			[
				`in base64 for a URL after '${before}'`,
				(key) => Buffer.from(`${before}${key}.`).toString('base64url'),
			],
		],
	),
];

describe.each(KEYS)('the key %s', (key) => {
	it.each(FORMS)('is hidden when a server repeats it %s', (_name, form) => {
		const text = `Token <<${form(key)}>>, and again <<${form(key)}>>.`;
		const hidden = keyHider(` Bearer ${key}\n`)(text);
		expect(hidden).toMatch(/^Token <<.{0,30}\*\*\*.{0,8}>>, and again <<.{0,30}\*\*\*.{0,8}>>\.$/);
		expect(hidden).not.toContain(form(key));
	});

	it('leaves a text without the key unchanged', () => {
		expect(keyHider(key)('The prompt is not allowed')).toBe('The prompt is not allowed');
	});
});

it('a key of 500 characters is hidden', () => {
	const key = 'sk-"/'.repeat(100);
	expect(keyHider(key)(`<${key}>`)).toBe('<***>');
});

it.each(['', ' ', 'veo', 'Bearer a', 'k'.repeat(501), 'k'.repeat(2 ** 20)])(
	'a text that is not a key hides nothing: %#',
	(key) => {
		const text = `a veo video ${key}`;
		expect(keyHider(key)(text)).toBe(text);
	},
);
