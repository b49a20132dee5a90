import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { CORES, ensureCore } from '../../scripts/n8n/install';
import { packageFolder } from '../../scripts/n8n/pack';
import { veo } from '../../scripts/n8n/workflow';
import { replies } from '../sandbox/server';
import { expectOwnVideos } from './support/expectVideos';
import { runSteps } from './support/runSteps';
import { setUp } from './support/setUp';

/** As npm may do beside a package that was installed by hand. An older n8n gets a newer copy. */
async function addOtherCopy(userFolder: string): Promise<void> {
	const isOlder = Boolean(process.env.N8N_VERSION?.startsWith('2.2'));
	const nodeModules = isOlder ? join(__dirname, '../../node_modules') : await ensureCore(CORES[0]);
	const folder = packageFolder(userFolder, 'n8n-workflow');
	await mkdir(dirname(folder), { recursive: true });
	await symlink(join(nodeModules, 'n8n-workflow'), folder);
}

const context = setUp({ prepareUserFolder: addOtherCopy, sandbox: { jobMs: 5_000 } });

beforeEach(() => context.sandbox.reset());

describe('with another copy of n8n-workflow beside the package', () => {
	it('only the video leaves by the first output when another item fails', async () => {
		context.sandbox.faults.push({ call: 'create', nth: 1, fault: replies.badRequest });
		const step = veo(context.credential, {
			...{ onError: 'continueErrorOutput' },
			parameters: { prompt: 'a kite', options: { numberOfVideos: 2, maxConcurrent: 1 } },
		});
		const { execution } = await runSteps(context, 'another copy', [step]);
		expect(execution.status).toBe('success');
		const items = execution.itemsOf('Veo');
		expect(items).toHaveLength(1);
		await expectOwnVideos(context, items);
		expect(context.sandbox.counts()).toMatchObject({ created: 1, delivered: 1 });
	});

	it('an execution is paused and delivers its video (n8n ≥ 2.41)', async () => {
		const step = veo(context.credential, {
			parameters: { prompt: 'a kite', options: { waitMode: 'durable' } },
		});
		const { execution } = await runSteps(context, 'another copy, paused', [step]);
		await expectOwnVideos(context, execution.itemsOf('Veo'));
		expect(context.sandbox.counts()).toMatchObject({ created: 1, delivered: 1 });
	});
});
