import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { insert, query, type Row } from '../../../scripts/n8n/database';
import type { Workflow, WorkflowToCreate } from '../../../scripts/n8n/rest';
import { subExecutionsOf, type Paused } from './paused';
import type { TestContext } from './setUp';

const FOLDER = join(__dirname, '..', 'fixtures');

/** An execution as n8n has it in its database. */
interface SavedExecution {
	entity: Row;
	workflowData: object;
	/** n8n saves it with `flatted`. */
	data: unknown[];
}

interface Ids {
	workflow: string;
	credential: string;
	execution: string;
	tasks: string[];
}

/** A paused execution, and the sub-executions that wait for its videos. */
export interface SavedPause {
	workflow: WorkflowToCreate;
	/** The IDs in the executions. */
	ids: Ids;
	executions: SavedExecution[];
}

/** A line for each part. */
const fileOf = (name: string) => join(FOLDER, `${name}.jsonl`);

export function readSavedPause(name: string): SavedPause {
	const lines = readFileSync(fileOf(name), 'utf8').trim().split('\n');
	const [workflow, ids, ...executions] = lines.map((line) => JSON.parse(line));
	return { workflow, ids, executions };
}

/** Saves a paused execution of the running n8n as a fixture. */
export async function savePause(
	context: TestContext,
	name: string,
	{ workflow, id }: Paused,
): Promise<void> {
	const { n8n, sandbox, credential } = context;
	const { name: workflowName, nodes, connections, settings } = workflow;
	const subExecutions = await subExecutionsOf(context, workflow);
	const ids = [...subExecutions.map((each) => each.id), id].map(Number).sort((a, b) => a - b);
	const parts = [
		{ name: workflowName, nodes, connections, settings },
		{
			workflow: workflow.id,
			credential: credential.id,
			execution: id,
			tasks: sandbox.tasks.map((task) => task.id),
		},
		...(await Promise.all(ids.map(async (each) => await readExecution(n8n, each)))),
	];
	writeFileSync(fileOf(name), parts.map((part) => `${JSON.stringify(part)}\n`).join(''));
}

async function readExecution(n8n: TestContext['n8n'], id: number): Promise<SavedExecution> {
	const [entity] = await query(n8n, 'SELECT * FROM execution_entity WHERE id = ?', id);
	const [row] = await query(n8n, 'SELECT * FROM execution_data WHERE executionId = ?', id);
	const [workflowData, data] = [row.workflowData, row.data].map((text) => JSON.parse(`${text}`));
	return { entity, workflowData, data };
}

/** Puts a saved execution into the database of an n8n that is not running and has no executions. */
export async function insertPause(
	{ n8n, credential }: TestContext,
	saved: SavedPause,
	workflow: Workflow,
	taskIds: string[],
): Promise<void> {
	const replacements: Array<[string, string]> = [
		[saved.ids.workflow, workflow.id],
		[saved.ids.credential, credential.id],
		...saved.ids.tasks.map((id, nth): [string, string] => [id, taskIds[nth]]),
	];
	const text = replacements.reduce(
		(before, [from, to]) => before.replaceAll(from, to),
		JSON.stringify(saved.executions),
	);
	for (const { entity, workflowData, data } of JSON.parse(text) as SavedExecution[]) {
		await insert(n8n, 'execution_entity', { ...entity, workflowVersionId: null });
		await insert(n8n, 'execution_data', {
			executionId: entity.id,
			workflowData: JSON.stringify(workflowData),
			data: JSON.stringify(data),
		});
	}
}
