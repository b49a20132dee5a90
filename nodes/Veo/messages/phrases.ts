import { DEFAULT_BASE_URL } from '../limits';
import { printable } from '../utils';

/** Texts in a row, each without its full stop. */
export const joinSentences = (...texts: Array<string | undefined>) =>
	texts.filter(Boolean).join('. ');

/** n8n renders texts as HTML in some places; after a blank, `<` opens no tag in any of them. */
export const asPlainText = (text: string) => text.replace(/<(?=[a-z!/?])/gi, '< ');

export const idList = (ids: string[]) => ids.map(printable).join(', ');

/** A parameter, by the name that the user sees. */
export const caption = ({ displayName }: { displayName: string }) => `'${displayName}'`;

export const CHECK_BASE_URL = `Check 'Base URL' in the credential. CometAPI's is ${DEFAULT_BASE_URL}`;
export const TRY_LATER = 'Try again later';
export const NOTHING_CREATED = 'Nothing was created';
export const USE_ACCEPTED_IMAGE = 'Use a PNG, JPEG or WebP image';

/** As in a price list: cents, and fractions of a cent if there are any. */
export const usdText = (amount: number) => `$${amount.toFixed(4).replace(/0{1,2}$/, '')}`;

/** A size and a duration in seconds. */
export const formatText = (size: string, seconds: number) =>
	`${size ? printable(size.slice(0, 20)) : 'default size'}, ${seconds} seconds`;

const MAX_LISTED = 5;
/** Of a value that was entered. */
const MAX_LISTED_LENGTH = 100;

/** Each as one line, and the first ones only. */
export const shortList = (texts: string[], separator = ', ') =>
	[
		...texts.slice(0, MAX_LISTED).map((text) => printable(text.slice(0, MAX_LISTED_LENGTH))),
		...(texts.length > MAX_LISTED ? ['…'] : []),
	].join(separator);

export const eightSecondsText = (sizes: string) => `Google's models ask for 8 seconds at ${sizes}`;

export const videosText = (count: number) => `${count} video${count === 1 ? '' : 's'}`;

export const ESTIMATE =
	"The estimate comes from CometAPI's price list; the actual charge can differ";
