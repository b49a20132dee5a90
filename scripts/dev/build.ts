import { cp, copyFile, mkdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import ts from 'typescript';

const PROJECT = join(__dirname, '..', '..');
const UNCHANGED_MS = 200;

export interface Build {
	close: () => void;
}

export interface BuildOptions {
	/** Where n8n has the package. */
	folder: string;
	/** Told after each build without errors. */
	onBuilt: () => void;
	log: (line: string) => void;
}

/** Builds the package right where n8n loads it from, and again whenever its sources change. */
export async function startBuild({ folder, onBuilt, log }: BuildOptions): Promise<Build> {
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	await copyRest(folder);
	const host = ts.createWatchCompilerHost(
		join(PROJECT, 'tsconfig.build.json'),
		{ outDir: join(folder, 'dist'), noEmitOnError: true },
		ts.sys,
		ts.createEmitAndSemanticDiagnosticsBuilderProgram,
		(diagnostic) => log(ts.formatDiagnostic(diagnostic, FORMAT).trimEnd()),
		// only the end of a build comes with a count
		(_diagnostic, _newLine, _options, errorCount) => {
			if (errorCount === 0) onBuilt();
			else if (errorCount) log('n8n goes on with the last build that had no errors.');
		},
	);
	const program = ts.createWatchProgram(host);
	const rest = watchRest(() => {
		copyRest(folder).then(onBuilt, (error: Error) => log(error.message));
	});
	return {
		close: () => {
			program.close();
			rest.close();
		},
	};
}

const FORMAT: ts.FormatDiagnosticsHost = {
	getCanonicalFileName: (name) => name,
	getCurrentDirectory: () => PROJECT,
	getNewLine: () => '\n',
};

const isRest = (file: string) => /\.(svg|node\.json)$/.test(file);

/** What the package has beside its code. */
async function copyRest(folder: string): Promise<void> {
	await copyFile(join(PROJECT, 'package.json'), join(folder, 'package.json'));
	await cp(join(PROJECT, 'icons'), join(folder, 'dist', 'icons'), { recursive: true });
	for (const file of ts.sys.readDirectory(join(PROJECT, 'nodes'), ['.json']).filter(isRest)) {
		const target = join(folder, 'dist', relative(PROJECT, file));
		await mkdir(join(target, '..'), { recursive: true });
		await copyFile(file, target);
	}
}

function watchRest(onChange: () => void): Build {
	let timer: NodeJS.Timeout | undefined;
	const onEvent = (file: string) => {
		if (!isRest(file)) return;
		clearTimeout(timer);
		timer = setTimeout(onChange, UNCHANGED_MS);
	};
	const watchers = ['icons', 'nodes'].map((name) =>
		ts.sys.watchDirectory!(join(PROJECT, name), onEvent, true),
	);
	return {
		close: () => {
			clearTimeout(timer);
			for (const watcher of watchers) watcher.close();
		},
	};
}
