import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * For bench/, scripts/ and test/, which run on Node and are never published. n8n's rules for
 * community nodes, e.g. the one that forbids `node:fs` or `process`, do not apply to them.
 */
export default defineConfig({
	files: ['**/*.ts'],
	extends: [tseslint.configs.recommended],
	linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' },
	languageOptions: { parserOptions: { tsconfigRootDir: import.meta.dirname } },
});
