import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Step {
	uses?: string;
	run?: string;
	with?: Record<string, unknown>;
}
interface Job {
	permissions?: Record<string, string>;
	uses?: string;
	steps?: Step[];
}

const FOLDER = join(__dirname, '..', '..', '.github', 'workflows');
const files = readdirSync(FOLDER);
const read = (file: string) => readFileSync(join(FOLDER, file), 'utf8');
const jobsOf = (file: string): Job[] => Object.values(parse(read(file)).jobs);
const steps = files.flatMap(jobsOf).flatMap((job) => job.steps ?? []);

it.each(files)('%s pins each action to a commit, with the version for Dependabot', (file) => {
	const actions = read(file).match(/uses: (?!\.\/).*/g) ?? [];
	expect(actions).not.toEqual([]);
	for (const action of actions) {
		expect(action).toMatch(/^uses: [\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
	}
});

it('no checkout leaves its token in the folder', () => {
	const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
	expect(checkouts).not.toEqual([]);
	for (const checkout of checkouts) expect(checkout.with).toEqual({ 'persist-credentials': false });
});

it('only one job can sign in to npm, and it runs none of the code that is published', () => {
	const [publish, ...others] = files
		.flatMap(jobsOf)
		.filter(({ permissions }) => permissions?.['id-token']);
	expect(others).toEqual([]);
	const { permissions, steps: its = [] } = publish;
	expect(permissions).toEqual({ 'id-token': 'write' });
	expect(its.map(({ uses }) => uses?.replace(/@.*/, ''))).toEqual([
		'actions/download-artifact',
		'actions/setup-node',
		undefined,
	]);
	expect(its.flatMap(({ run }) => run?.match(/\bnp[mx] .*/g) ?? [])).toEqual([
		'npm publish --provenance ./*.tgz',
	]);
});
