import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Estimate, Hint, RunContext } from '../core/context';
import { duration, model } from '../parameters/request';
import {
	asPlainText,
	caption,
	eightSecondsText,
	ESTIMATE,
	idList,
	shortList,
	usdText,
	videosText,
} from './phrases';

/** The hint for a run whose cost was estimated. */
export const estimateText = ({ videos, usd, formats }: Estimate) =>
	asPlainText(
		`Estimated cost of ${videosText(videos)} (${shortList(formats, '; ')}): ${usdText(usd)}. ${ESTIMATE}`,
	);

export const hintText = {
	reused: (ids: string[]) =>
		asPlainText(`Reused from an earlier attempt at no extra cost: ${idList(ids)}`),
	unfinished: (ids: string[]) =>
		asPlainText(
			`Not finished before the timeout. Get them later with these task IDs: ${idList(ids)}`,
		),
	notListed: (models: string[]) =>
		asPlainText(
			`Not in CometAPI's list of models now: ${shortList(models)}. If it was retired, choose another ${caption(model)}`,
		),
	shortDuration: (sizes: string[]) =>
		asPlainText(
			`${eightSecondsText(shortList(sizes))}. If a video fails, set ${caption(duration)} to 8`,
		),
	localLink: () =>
		"The file link opens on n8n's own machine only. Set WEBHOOK_URL to n8n's public address",
	withoutLink: () =>
		'No file link: this n8n keeps binary data in memory. Store it on disk, in the database or in S3',
};

/** A file in the output hides the items that failed: n8n then opens its Binary tab. */
export const failedItemsText = (failed: number, items: number) =>
	`${failed} of ${items} items failed. See 'error' in their JSON`;

/** The facts that the output of a run does not show by itself. */
export const hintsOf = ({ estimate, hints }: RunContext): string[] => [
	...(estimate ? [estimateText(estimate)] : []),
	...(Object.entries(hints) as Array<[Hint, string[]]>)
		.filter(([, about]) => about.length > 0)
		.map(([hint, about]) => hintText[hint](about)),
];

export function addHints(
	context: IExecuteFunctions,
	hints: string[],
	items: INodeExecutionData[],
): void {
	// those for the error output have n8n's own tab
	const failed = items.filter(({ json, error }) => !json.id && !error).length;
	for (const message of failed ? [...hints, failedItemsText(failed, items.length)] : hints) {
		context.addExecutionHints({ message, location: 'outputPane' });
	}
}

/** Notes in the list of models. */
export const modelListText = {
	notLoaded: "could not load CometAPI's model list; enter an ID",
	notVeo: 'not Veo; may need other values',
	notListed: "default; not in CometAPI's model list now",
};
