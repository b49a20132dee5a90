import type { Estimate } from '../core/context';
import { duration, model } from '../parameters/request';
import {
	asPlainText,
	caption,
	ESTIMATE,
	formatsText,
	idList,
	usdText,
	videosText,
} from './phrases';

/** The hint for a run whose cost was estimated. */
export const estimateText = ({ videos, usd, formats }: Estimate) =>
	asPlainText(
		`Estimated cost of ${videosText(videos)} (${formatsText(formats)}): ${usdText(usd)}. ${ESTIMATE}`,
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
			`Not in CometAPI's list of models now: ${idList(models)}. If it was retired, choose another ${caption(model)}`,
		),
	shortDuration: (sizes: string[]) =>
		asPlainText(
			`Google's models ask for 8 seconds at ${idList(sizes)}. If CometAPI rejects the request, set ${caption(duration)} to 8`,
		),
	withoutLink: () =>
		'No file link: this n8n keeps binary data in memory. Store it on disk, in the database or in S3',
};

/** Notes in the list of models. */
export const modelListText = {
	notLoaded: "could not load CometAPI's model list; enter an ID",
	notVeo: 'not Veo; may need other values',
	notListed: "default; not in CometAPI's model list now",
};
