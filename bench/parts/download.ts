import { rm } from 'node:fs/promises';

import type { WorkflowToCreate } from '../../scripts/n8n/rest';
import { measure, storedFile } from '../measure';
import type { Stage } from '../stage';
import { prompts, RESULT, type Credentials } from '../workflows';

export interface Download {
	peakMb: number;
	tookMs: number;
	links: string[];
}

/** The files of so many finished tasks, all at once. */
export async function download(
	stage: Stage,
	way: (tasks: Array<{ id: string; link: string }>, credentials: Credentials) => WorkflowToCreate,
	count: number,
	fileBytes: number,
): Promise<Download> {
	const { sandbox, address, credentials, n8n } = stage;
	const jobsMs = new Array<number>(count).fill(0);
	await sandbox.start({ jobsMs, progress: 'linear', fileBytes, isShared: true });
	const ids = await Promise.all(prompts(count).map(async (item) => await post(stage, item)));
	const tasks = ids.map((id) => ({ id, link: `${address.fileHostUrl}/files/${id}.mp4` }));
	const { peakMb, execution, report } = await measure(stage, way(tasks, credentials), count);
	for (const { binary } of execution.itemsOf(RESULT)) {
		await rm(storedFile(n8n.userFolder, binary));
	}
	return {
		peakMb,
		tookMs: execution.stoppedAtMs - report.firstFileAtMs,
		links: tasks.map(({ link }) => link),
	};
}

async function post({ address }: Stage, item: Record<string, string>): Promise<string> {
	const body = new FormData();
	for (const [name, value] of Object.entries(item)) body.append(name, value);
	const response = await fetch(`${address.baseUrl}/v1/videos`, {
		method: 'POST',
		headers: { authorization: `Bearer ${address.apiKey}` },
		body,
	});
	const { id } = (await response.json()) as { id: string };
	return id;
}
