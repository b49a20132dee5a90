import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Wordings that have to be read twice, each with a suggestion. For comments and test titles. */
const WORDINGS = [
	[/(^|[.:] )what\b/i, 'start with the subject'],
	[/\bwhere\b/i, '"if", or name the place'],
	[/\bso many\b/i, 'the number'],
	[/\bof (its|their) own\b/i, '"own", or nothing'],
	[/\bas (it is|they are)\b/i, '"unchanged", or nothing'],
	[/\bsuch as\b/i, '"e.g."'],
	[/\btold\b/i, '"reported"'],
	[/\banswer(s|ed|ing)?\b/i, '"response", "responds"'],
	[/\b(goes?|going) on\b/i, '"continues", "resumes"'],
	[
		/\b(comes? to nothing|brings?|meets|lies in|sets out|be had|is to be|makes? of)\b/i,
		'a plain verb',
	],
	[/\bhands? (on|over)\b/i, '"returns", "passes"'],
	[/\bmend(s|ed)?\b/i, '"fix"'],
	[/\banew\b/i, '"again", "new"'],
	[/\btakes? up\b/i, '"resumes", "reuses"'],
	[/\b(all the same|as it stands|whoever|under way|put right)\b/i, 'a plainer word'],
	[/\bside by side\b/i, '"in parallel"'],
	[/\bat the same time as\b/i, '"with", "while"'],
];

const TESTS = new Set(['it', 'test', 'describe']);

/** The text of a comment, as one line without its markers. */
const textOf = ({ value }) => value.replace(/\n\s*\*?/g, ' ').replace(/^[*\s]+/, '');

/** The first function of a chain like `it.each(…)`. */
function rootOf(callee) {
	if (callee.type === 'Identifier') return callee.name;
	return callee.type === 'CallExpression'
		? rootOf(callee.callee)
		: callee.type === 'MemberExpression'
			? rootOf(callee.object)
			: undefined;
}

const plain = {
	meta: { type: 'suggestion', schema: [], messages: { wording: '"{{found}}": write {{better}}' } },
	create(context) {
		const check = (node, text) => {
			for (const [pattern, better] of WORDINGS) {
				const found = pattern.exec(text)?.[0];
				if (found) context.report({ node, messageId: 'wording', data: { found, better } });
			}
		};
		return {
			Program() {
				for (const comment of context.sourceCode.getAllComments()) check(comment, textOf(comment));
			},
			CallExpression({ callee, arguments: [title] }) {
				if (!title || !TESTS.has(rootOf(callee))) return;
				if (title.type === 'Literal') check(title, String(title.value));
				if (title.type === 'TemplateLiteral') {
					check(title, title.quasis.map(({ value }) => value.raw).join('…'));
				}
			},
		};
	},
};

export default defineConfig(globalIgnores(['dist', 'node_modules']), {
	files: ['**/*.ts'],
	languageOptions: { parser: tseslint.parser },
	plugins: { wording: { rules: { plain } } },
	rules: { 'wording/plain': 'error' },
});
