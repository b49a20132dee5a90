import { fromPrompts } from '../../scripts/n8n/workflow';
import { expectOwnVideos } from './support/expectVideos';
import { pausing, startPaused, untilEnded } from './support/paused';
import { insertPause, readSavedPause, savePause } from './support/savedPause';
import { restart, setUp } from './support/setUp';

/** RECORD=v1 saves a paused execution of the package as it is now, in place of the fixture. */
const { RECORD } = process.env;
const VERSIONS = ['v1'];
const PROMPTS = ['A kite', 'A boat'];

const context = setUp({ sandbox: { jobMs: 1_000 } });

const steps = () => [...fromPrompts(...PROMPTS), pausing(context.credential)];

/** As the package did when it paused the execution. */
const createTasks = async () => {
	const { baseUrl, apiKey } = context.sandbox;
	for (const prompt of PROMPTS) {
		const body = new FormData();
		body.set('prompt', prompt);
		body.set('model', 'veo3-fast');
		const headers = { authorization: `Bearer ${apiKey}` };
		await fetch(`${baseUrl}/v1/videos`, { method: 'POST', headers, body });
	}
	return context.sandbox.tasks.map(({ id }) => id);
};

(RECORD ? it : it.skip)(
	'saves a paused execution as a fixture',
	async () => await savePause(context, RECORD!, await startPaused(context, 'Saved', steps())),
	400_000,
);

(RECORD ? it.skip : it).each(VERSIONS)(
	'an execution that was paused in the saved format %s delivers its videos',
	async (version) => {
		const saved = readSavedPause(version);
		const taskIds = await createTasks();
		const workflow = await context.rest.createWorkflow(saved.workflow);
		context.n8n.signal('SIGTERM');
		await context.n8n.ended;
		await insertPause(context, saved, workflow, taskIds);
		await restart(context);
		const paused = { name: version, workflow, id: saved.ids.execution };
		const { execution } = await untilEnded(context, paused);
		expect(execution.error).toBeUndefined();
		const items = execution.itemsOf('Veo');
		expect(items.map(({ json }) => json.id)).toEqual(taskIds);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		await expectOwnVideos(context, items);
		expect(context.sandbox.counts().creates).toBe(PROMPTS.length);
	},
	400_000,
);
