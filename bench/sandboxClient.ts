import { fork } from 'node:child_process';
import { join } from 'node:path';

import { atEnd } from './cleanUp';
import type { Commands } from './sandboxProcess';

interface Reply {
	id: number;
	output?: unknown;
	error?: string;
}

/** The sandbox in a process of its own, so that its work is not counted as somebody else's. */
export interface SandboxClient extends Commands {
	pid: number;
	stop: () => void;
}

export function forkSandbox(): SandboxClient {
	const child = fork(join(__dirname, 'sandboxProcess.ts'));
	const stop = () => void child.kill();
	atEnd(stop);
	const waiting = new Map<number, (reply: Reply) => void>();
	let lastId = 0;
	child.on('message', (reply: Reply) => waiting.get(reply.id)?.(reply));
	child.once('exit', () => {
		for (const [id, answer] of waiting) answer({ id, error: 'The sandbox process ended' });
	});
	const ask = async (command: keyof Commands, input?: unknown) => {
		const id = ++lastId;
		const { output, error } = await new Promise<Reply>((resolve) => {
			waiting.set(id, resolve);
			child.send({ id, command, input });
		});
		waiting.delete(id);
		if (error) throw new Error(error);
		return output;
	};
	return {
		start: async (run) => (await ask('start', run)) as never,
		delivered: async () => (await ask('delivered')) as never,
		report: async () => (await ask('report')) as never,
		pid: child.pid as number,
		stop,
	};
}
