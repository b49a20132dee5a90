import type { IDataObject, INodeParameters } from 'n8n-workflow';

import create from '../../nodes/Veo/__schema__/v1.0.0/video/create.json';
import createAndWait from '../../nodes/Veo/__schema__/v1.0.0/video/createAndWait.json';
import retrieve from '../../nodes/Veo/__schema__/v1.0.0/video/retrieve.json';
import { setUp } from '../support/setUp';

/** The type of each field, as in the files that n8n shows before the first run. */
const typesOf = (json: IDataObject) =>
	Object.fromEntries(Object.entries(json).map(([key, value]) => [key, { type: typeof value }]));

const everything = { includeFileLink: true, maxCost: 5 };

describe('the fields that n8n shows before the first run', () => {
	const outputOf = async (parameters: INodeParameters) => {
		const { run } = await setUp();
		const { items } = await run({ parameters });
		return typesOf(items[0].json);
	};

	it('are those of Create Video', async () => {
		expect(await outputOf({ operation: 'create', options: { maxCost: 5 } })).toEqual(
			create.properties,
		);
	});

	it('are those of Create Video and Wait', async () => {
		expect(await outputOf({ options: everything })).toEqual(createAndWait.properties);
	});

	it('are those of Retrieve Video, for a finished and a failed video', async () => {
		const { run, sandbox, clock } = await setUp({
			outcome: (index) =>
				index === 0 ? 'completed' : { error: { code: 'blocked', message: 'No' } },
		});
		const outputs: IDataObject = {};
		for (const options of [{ includeFileLink: true }, {}]) {
			await run({ parameters: { operation: 'create' } });
			await clock.sleep(60_000);
			const taskId = sandbox.tasks.at(-1)!.id;
			const { items } = await run({ parameters: { operation: 'retrieve', taskId, options } });
			Object.assign(outputs, items[0].json);
		}
		const { failure, ...others } = retrieve.properties;
		const { failure: failed, ...task } = outputs;
		expect(typesOf(task)).toEqual(others);
		expect(typesOf(failed as IDataObject)).toEqual(failure.properties);
	});
});
