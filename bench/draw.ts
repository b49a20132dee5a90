/** Evenly drawn whole numbers; the same for the same seed, and a longer list begins with the shorter. */
export function draw(
	count: number,
	{ min, max, seed }: { min: number; max: number; seed: number },
) {
	let state = seed;
	// mulberry32
	const random = () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
	return Array.from({ length: count }, () => Math.round(min + (max - min) * random()));
}

/** How long the jobs take on so many places when each place takes up the next job at once. */
export function listSchedule(jobs: number[], places: number): number {
	const freeAt = new Array<number>(places).fill(0);
	for (const job of jobs) {
		const first = freeAt.indexOf(Math.min(...freeAt));
		freeAt[first] += job;
	}
	return Math.max(...freeAt);
}

export const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

export function median(values: number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
