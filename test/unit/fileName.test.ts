import { fileNameFor, numberedName } from '../../nodes/Veo/core/fileName';

const nameOf = (wanted: string) => fileNameFor('task_1', wanted, 'video/mp4');

describe('a file name is safe on every disk', () => {
	it.each([
		['a colon', '10:30', '10_30.mp4'],
		['what Windows forbids', 'a"b*c<d>e?f|g', 'a_b_c_d_e_f_g.mp4'],
		['folders', 'a/b\\c', 'a_b_c.mp4'],
		['text from right to left', 'kite\u202e4pm.exe', 'kite4pm.exe.mp4'],
		['isolates', '\u2066kite\u2069\u200f\u061c', 'kite.mp4'],
		['what nobody sees', 'k\u200bi\ufefft\u00ade\u200d', 'kite.mp4'],
		['lone surrogates', 'ki\ud83ete\udc00', 'kite.mp4'],
		['private and impossible characters', 'ki\ue000te\uffff\ufdd0', 'kite.mp4'],
		['control characters', 'two\r\nlines\x00\x7f\x9f', 'two lines.mp4'],
		['blanks of all kinds', '\u00a0kite\u3000\u2028red\u2003', 'kite red.mp4'],
		['dots before it', '...kite', 'kite.mp4'],
		['dots and blanks before it', '. . kite', 'kite.mp4'],
		['dots and blanks after its ending', 'kite.mp4. . ', 'kite.mp4'],
		['a blank before its ending', 'kite .mp4', 'kite.mp4'],
		['dots alone', '..', 'video.mp4'],
		['blanks and nothing', '\u200b \u202e', 'video.mp4'],
	])('without %s', (_name, wanted, expected) => expect(nameOf(wanted)).toBe(expected));

	it.each([
		'CON',
		'nul',
		'Prn',
		'AUX',
		'COM1',
		'com9',
		'LPT1',
		'COM¹',
		'LPT³',
		'CONIN$',
		'conout$',
	])('although Windows reserves %s for a device', (device) => {
		expect(nameOf(device)).toBe(`${device}_.mp4`);
		expect(nameOf(`${device}.mp4`)).toBe(`${device}_.mp4`);
		expect(nameOf(`${device}.v2.mp4`)).toBe(`${device}_.v2.mp4`);
		expect(nameOf(`.${device} .mp4`)).toBe(`${device}_.mp4`);
		expect(nameOf(`${device}crete`)).toBe(`${device}crete.mp4`);
	});

	it('also if it is the ID of the task', () => {
		expect(fileNameFor('a/b:c=', '', 'video/mp4')).toBe('a_b_c=.mp4');
	});
});

it.each([
	'Käfer über Öl',
	'Женщина и море',
	'風箏在天空',
	'연이 하늘에',
	'طائرة ورقية',
	'पतंग',
	'🪁 ❤️ 👍🏽',
	'👩‍👩‍👧 🏳️‍🌈',
	"it's 5 % & more, #1 (new) [a] {b} ~ ^ + = @ $ ! ;",
	'Mr.Bean',
	'console',
])('a file name keeps characters that disks allow: %s', (name) =>
	expect(nameOf(name)).toBe(`${name}.mp4`),
);

describe('a long file name', () => {
	it.each([
		['letters', 'a'],
		['umlauts', 'ü'],
		['Chinese', '风'],
		['emoji', '🪁'],
		['families', '👩‍👩‍👧'],
		['an invisible character', '\u202e'],
	])('is cut between two characters: %s', (_name, character) => {
		for (const length of [190, 191, 192, 193, 1_000, 20_000]) {
			const name = nameOf(character.repeat(length));
			expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
			expect(name).toMatch(/[^\u200d\ufffd\p{Cs}]\.mp4$/u);
			expect(numberedName(character.repeat(length), 3)).toMatch(/-4$/);
		}
	});

	/** The number of characters passed to the first replacement. */
	function work(wanted: string): number {
		let characters = 0;
		const replace = jest.spyOn(String.prototype, 'replace').mockImplementation(function (
			this: string,
			...args: unknown[]
		) {
			characters += this.length;
			replace.mockRestore();
			const replaced = (this.replace as (...given: unknown[]) => string)(...args);
			return replaced;
		});
		nameOf(wanted);
		return characters;
	}

	it('takes no more work than a short one', () => {
		expect(work('a'.repeat(1_000_000))).toBe(work('a'.repeat(2_000)));
	});
});

describe('the names of several videos of an item', () => {
	const namesOf = (wanted: string, mimeType = 'video/mp4') =>
		[0, 1, 2].map((copy) => fileNameFor('task_1', numberedName(wanted, copy), mimeType));

	it.each([
		['kite.mp4', ['kite.mp4', 'kite-2.mp4', 'kite-3.mp4']],
		['kite', ['kite.mp4', 'kite-2.mp4', 'kite-3.mp4']],
		['Kite.MOV', ['Kite.MOV', 'Kite-2.MOV', 'Kite-3.MOV']],
		['a:b.mp4', ['a_b.mp4', 'a_b-2.mp4', 'a_b-3.mp4']],
		['CON', ['CON_.mp4', 'CON_-2.mp4', 'CON_-3.mp4']],
		['.mp4', ['video.mp4', 'video-2.mp4', 'video-3.mp4']],
		['', ['task_1.mp4', 'task_1.mp4', 'task_1.mp4']],
	])('are numbered: %s', (wanted, expected) => expect(namesOf(wanted)).toEqual(expected));

	it('are numbered if they are WebM', () => {
		expect(namesOf('kite.mp4', 'video/webm')).toEqual(['kite.webm', 'kite-2.webm', 'kite-3.webm']);
	});

	it('keep their number if they are cut', () => {
		for (const wanted of ['a'.repeat(20_000), `${'🪁'.repeat(300)}.mpeg`]) {
			const names = namesOf(wanted);
			expect(new Set(names).size).toBe(3);
			for (const name of names) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
		}
	});
});
