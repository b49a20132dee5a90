import type { JsonObject } from './answers';

/** An object that holds the value at a place such as `data.url` or `output[0]`. */
export function nest(place: string, value: unknown): JsonObject {
	const steps = place.split(/\.|(?=\[)/);
	const nested = steps.reduceRight<unknown>(
		(inner, step) => (step.startsWith('[') ? [inner] : { [step]: inner }),
		value,
	);
	return nested as JsonObject;
}
