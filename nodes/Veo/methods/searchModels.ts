import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { readCatalogue } from '../api/catalogue';
import type { CatalogueModel } from '../api/catalogue';
import { DEFAULT_MODEL } from '../limits';

/** Veo's video models of the live catalogue, the default first; that one alone if it can't be read. */
export async function searchModels(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const models = await readModels(this);
	const others = models.filter(({ id }) => id !== DEFAULT_MODEL);
	const listed = [
		models.find(({ id }) => id === DEFAULT_MODEL) ?? { id: DEFAULT_MODEL },
		...others,
	];
	const wanted = filter.toLowerCase();
	return {
		results: listed
			.filter(({ id }) => id.toLowerCase().includes(wanted))
			.map(({ id, docsUrl }: { id: string; docsUrl?: string }) => ({
				name: id,
				value: id,
				url: docsUrl,
			})),
	};
}

async function readModels(context: ILoadOptionsFunctions): Promise<CatalogueModel[]> {
	try {
		const models = await readCatalogue(context);
		return models.filter(({ id, modelType }) => /veo/i.test(id) && /^(video|)$/i.test(modelType));
	} catch (error) {
		context.logger.warn(`CometAPI's list of models could not be read: ${(error as Error).message}`);
		return [];
	}
}
