/** What is used here of n8n's scanner, which comes without types. */
declare module '@n8n/scan-community-package/scanner/scanner.mjs' {
	export const SOURCE_FILE_PATTERNS: string[];

	interface Analysis {
		passed: boolean;
		/** Also told of a folder without any file to look at, which passes. */
		message?: string;
		/** ESLint's report. */
		details?: string;
	}

	export function analyzePackage(folder: string, filePatterns: string[]): Promise<Analysis>;
}
