import { spawnSync } from 'node:child_process';
import {
	appendFileSync,
	cpSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

const folder = mkdtempSync(join(tmpdir(), 'veo-scanned-'));

beforeAll(() => {
	for (const name of ['package.json', 'credentials', 'icons', 'nodes']) {
		cpSync(join(ROOT, name), join(folder, name), { recursive: true });
	}
	mkdirSync(join(folder, 'dist'));
	writeFileSync(join(folder, 'dist/pause.js'), '');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const scan = () =>
	spawnSync(process.execPath, ['--import', 'tsx', join(ROOT, 'scripts/scan.ts'), folder], {
		cwd: ROOT,
		encoding: 'utf8',
	});

it("n8n's scanner passes the sources", () => {
	const { status, stdout } = scan();
	expect(stdout).toMatch(/^Sources: passed n8n's scanner$/m);
	expect(status).toBe(0);
});

it("npm run scan refuses the same code as n8n's scanner, in the sources and in the built files", () => {
	// a comment that turns the lint off must not help
	const pause = '\n// eslint-disable-next-line\nsetTimeout(() => undefined, 1);\n';
	appendFileSync(join(folder, 'nodes/Veo/Veo.node.ts'), pause);
	appendFileSync(join(folder, 'dist/pause.js'), pause);
	const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
	manifest.dependencies = { axios: '1.0.0' };
	writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));

	const { status, stdout } = scan();
	const [sources, built] = stdout.split('Built files: ');
	expect(sources).toMatch(/Veo\.node\.ts\n.*no-restricted-globals$/m);
	expect(sources).toMatch(/package\.json\n.*no-runtime-dependencies$/m);
	expect(built).toMatch(/pause\.js\n.*no-restricted-globals$/m);
	expect(status).toBe(1);
});
