import { asPlainText, ESTIMATE, idList, usdText, videosText } from './phrases';

/** The hint for a run whose cost was estimated. */
export const estimateText = (videos: number, usd: number) =>
	`Estimated cost of ${videosText(videos)}: ${usdText(usd)}. ${ESTIMATE}`;

export const hintText = {
	reused: (ids: string[]) =>
		asPlainText(`Reused from an earlier attempt at no extra cost: ${idList(ids)}`),
	unfinished: (ids: string[]) =>
		asPlainText(
			`Not finished before the timeout. Get them later with these task IDs: ${idList(ids)}`,
		),
	withoutLink: () =>
		'No file link: this n8n keeps binary data in memory. Store it on disk, in the database or in S3',
};

/** Notes in the list of models. */
export const modelListText = {
	notLoaded: "could not load CometAPI's model list; enter an ID",
	notListed: "default; not in CometAPI's model list now",
};
