/** Reads n8n's stored execution data: a list of values in which objects name each other by index. */
export function unflatten(text: string): unknown {
	const values = JSON.parse(text) as unknown[];
	const revived = new Set<unknown>();
	const revive = (value: unknown): unknown => {
		if (typeof value !== 'object' || value === null || revived.has(value)) return value;
		revived.add(value);
		const fields = value as Record<string, unknown>;
		for (const [key, child] of Object.entries(fields)) {
			if (typeof child === 'string') fields[key] = revive(values[Number(child)]);
		}
		return value;
	};
	return revive(values[0]);
}
