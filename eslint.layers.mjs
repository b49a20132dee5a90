/**
 * The layers of the node, from top to bottom. A part may import itself and lower layers; parts of
 * one row don't know each other. All parts may import packages.
 */
const LAYERS = [
	['Veo.node.ts'],
	['actions', 'methods'],
	['pause'],
	['input'],
	['messages'],
	['core'],
	['transport', 'parameters'],
	['n8n.ts', 'errors.ts', 'limits.ts', 'clock.ts', 'utils.ts'],
];

const zones = LAYERS.flatMap((parts, row) =>
	parts.map((part) => {
		const allowed = [part, ...LAYERS.slice(row + 1).flat()];
		return {
			target: `nodes/Veo/${part}`,
			from: 'nodes/Veo',
			except: allowed,
			message: `${part} may import only ${allowed.join(', ')}.`,
		};
	}),
);

export default {
	files: ['nodes/**/*.ts'],
	rules: {
		'import-x/no-restricted-paths': ['error', { zones }],
		'no-restricted-syntax': [
			'error',
			{
				// the rule above does not see import('../core/batch').Batch
				selector: 'TSImportType[argument.literal.value=/^\\./]',
				message: 'Use `import type`, so that the layers are checked.',
			},
			{
				selector: "NewExpression[callee.name='RegExp']",
				message: 'Write it out, so that its speed is checked.',
			},
		],
	},
};
