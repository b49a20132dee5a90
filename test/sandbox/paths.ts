import type { JsonObject } from './answers';

/** An object with the value at a place, e.g. `data.url` or `output[0]`. */
export function nest(place: string, value: unknown): JsonObject {
	const steps = place.split(/\.|(?=\[)/);
	const nested = steps.reduceRight<unknown>(
		(inner, step) => (step.startsWith('[') ? [inner] : { [step]: inner }),
		value,
	);
	return nested as JsonObject;
}
