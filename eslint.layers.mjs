const HELPERS = ['errors.ts', 'limits.ts', 'clock.ts', 'utils.ts'];

/**
 * The layers of the node: Veo.node → actions → core → transport. For each part of nodes/Veo, what
 * it may import from nodes/Veo. Everything may import packages; nothing may import Veo.node.ts.
 */
const MAY_IMPORT = {
	actions: ['actions', 'core', 'transport', 'messages', ...HELPERS],
	'actions/fields': ['actions/fields', 'limits.ts', 'utils.ts'],
	methods: ['methods', 'transport', 'messages', ...HELPERS],
	core: ['core', 'transport', 'messages', ...HELPERS],
	// of core, only nodeError.ts turns errors into n8n's own, with their texts
	'core/**/!(nodeError).ts': ['core', 'transport', ...HELPERS],
	transport: ['transport', ...HELPERS],
	messages: ['messages', 'actions/fields', 'errors.ts', 'limits.ts', 'utils.ts'],
	// n8n loads it at every start, with the credential
	'messages/credentialTexts.ts': ['limits.ts'],
	...Object.fromEntries(HELPERS.map((file) => [file, HELPERS])),
};

const zones = Object.entries(MAY_IMPORT).map(([part, allowed]) => ({
	target: `nodes/Veo/${part}`,
	from: 'nodes/Veo',
	except: allowed,
	message: `${part} may import only ${allowed.join(', ')}.`,
}));

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
		],
	},
};
