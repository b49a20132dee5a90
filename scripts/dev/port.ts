import { freePort } from '../n8n/server';

/** @throws Error that proposes the next free port if this one is taken */
export async function editorPort(wanted: number): Promise<number> {
	if (await isFree(wanted)) return wanted;
	let next = wanted + 1;
	while (!(await isFree(next))) next++;
	throw new Error(
		`Port ${wanted} is taken, e.g. by another n8n. Use another one: npm run dev -- --port ${next}`,
	);
}

async function isFree(port: number): Promise<boolean> {
	try {
		await freePort(port);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
		throw error;
	}
}
