import { itemsFrom, manualTrigger, TRIGGER, veo, workflowOf } from '../../scripts/n8n/workflow';
import { expectOwnVideos } from './support/expectVideos';
import { setUp } from './support/setUp';
import { until } from './support/until';

const context = setUp({ sandbox: { jobMs: 1_000 } });

describe('several videos of one item while the execution is paused', () => {
	it('come out in input order, with their files and estimates', async () => {
		const { rest, credential, sandbox } = context;
		const options = { numberOfVideos: 2, maxCost: 5, waitMode: 'durable' };
		const workflow = await rest.createWorkflow(
			workflowOf('Copies', [
				manualTrigger,
				...itemsFrom([{ prompt: 'kite' }, { prompt: 'boat' }]),
				veo(credential, { parameters: { options } }),
			]),
		);
		const id = await rest.run(workflow, TRIGGER);
		const hasEnded = async () =>
			['success', 'error'].includes((await rest.status(workflow.id, id)) ?? '');
		await until('the videos', hasEnded, 170_000);
		const execution = await rest.execution(id);
		expect(execution.error).toBeUndefined();
		const items = execution.itemsOf('Veo');
		const promptOf = (taskId: unknown) => sandbox.tasks.find((task) => task.id === taskId)?.prompt;
		expect(items.map(({ json }) => promptOf(json.id))).toEqual(['kite', 'kite', 'boat', 'boat']);
		expect(items.map(({ json }) => json.estimated_cost_usd)).toEqual(Array(4).fill(0.32));
		expect(new Set(items.map(({ json }) => json.id)).size).toBe(4);
		await expectOwnVideos(context, items);
	}, 180_000);
});
