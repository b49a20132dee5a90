import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import { config } from '@n8n/node-cli/eslint';
import regexp from 'eslint-plugin-regexp';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

import layers from './eslint.layers.mjs';

/**
 * The rules that `npm run check` adds to `npm run lint` (eslint.config.mjs, n8n's own, unchanged):
 * no comment turns a rule off, the built files are linted as in n8n's scanner, the layers hold, and
 * a regular expression takes linear time for any text.
 */
export default defineConfig(
	config,
	globalIgnores(['!dist']),
	{ linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
	{
		files: ['dist/**/*.js', '{nodes,dist}/**/*.json'],
		extends: [n8nCommunityNodesPlugin.configs.recommended],
		rules: { 'no-console': 'error' },
	},
	{
		files: ['{nodes,dist}/**/*.json'],
		languageOptions: { parser: tseslint.parser },
	},
	layers,
	{
		files: ['{nodes,credentials}/**/*.ts'],
		plugins: { regexp },
		rules: {
			'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
			'regexp/no-super-linear-move': ['error', { report: 'potential' }],
		},
	},
);
