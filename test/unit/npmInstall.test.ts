import { NpmProgress } from '../../scripts/n8n/npmInstall';

const REGISTRY = 'https://registry.npmjs.org';

it("the progress of an installation counts npm's requests for packages, then for their files", () => {
	const progress = new NpmProgress();
	progress.add(`npm http fetch GET 200 ${REGISTRY}/gulp 254ms (cache miss)`);
	progress.add(`npm http cache ${REGISTRY}/@n8n%2fdi 2ms (cache hit)`);
	expect(`${progress}`).toBe('2 packages found');
	progress.add(`npm http fetch GET 200 ${REGISTRY}/gulp/-/gulp-5.0.1.tgz 42ms (cache miss)`);
	expect(`${progress}`).toBe('1 of about 2 packages installed');
	progress.add(`npm http cache gulp@${REGISTRY}/gulp/-/gulp-5.0.1.tgz 0ms (cache hit)`);
	progress.add('npm error code ENOSPC');
	expect(`${progress}`).toBe('2 of about 2 packages installed');
	expect(progress.otherLines).toEqual(['npm error code ENOSPC']);
});
