const ENDINGS: Record<string, string> = { 'video/mp4': 'mp4', 'video/webm': 'webm' };

/** Only these are taken for the ending of a video file: "kite.new" is a name without one. */
const VIDEO_ENDING = /(\.(?:mp4|m4v|mov|webm|mkv|avi|mpe?g|ogv))[. ]*$/i;

/** Some file systems take 255 bytes; n8n's storage adds some. */
const MAX_BYTES = 200;

/** Of a number and an ending. */
const NUMBER_BYTES = 10;

/** A name is cut before it is looked at. */
const MAX_CHARACTERS = 1_000;

/** Nobody sees them, and they can turn a name round; a joiner before an emoji is part of it. */
const INVISIBLE =
	/(?!\u200d\p{Extended_Pictographic})[\p{Cf}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}]/gu;

/** No folder or device on any disk: n8n would take anything before a slash for a folder. */
const NOT_ALLOWED = /["*/:<>?\\|]/g;

/** Windows takes these for a device, with any ending. */
const DEVICE = /^(?:aux|con(?:in\$|out\$)?|nul|prn|(?:com|lpt)[\d¹²³])(?= *(?:\.|$))/i;

/**
 * A name that every disk takes, with a video's ending.
 * @param wanted by the user; if empty, the name is that of the task
 */
export function fileNameFor(taskId: string, wanted: string, mimeType: string): string {
	const { stem, ending } = split(wanted || taskId);
	// a WebM under the name of an MP4 does not play everywhere
	const isRight = ending && (mimeType !== 'video/webm' || /webm|mkv/i.test(ending));
	const kept = isRight ? ending : `.${ENDINGS[mimeType] ?? 'mp4'}`;
	return safe(stem, MAX_BYTES - kept.length) + kept;
}

/** The user's name for one of several videos of an item, so that later nodes keep all of them. */
export function numberedName(wanted: string, copy: number): string {
	if (!wanted || copy === 0) return wanted;
	const { stem, ending } = split(wanted);
	return `${safe(stem, MAX_BYTES - NUMBER_BYTES)}-${copy + 1}${ending}`;
}

function split(name: string): { stem: string; ending: string } {
	const [found = '', ending = ''] = VIDEO_ENDING.exec(name) ?? [];
	return { stem: name.slice(0, name.length - found.length), ending };
}

function safe(stem: string, maxBytes: number): string {
	const name = stem
		.slice(0, MAX_CHARACTERS)
		.replace(INVISIBLE, '')
		.replace(/[\s\p{Cc}]+/gu, ' ')
		.replace(NOT_ALLOWED, '_')
		.replace(/^[. ]+/, '')
		.replace(DEVICE, '$&_');
	return cut(name, maxBytes).trim() || 'video';
}

/** Without the remains of a character in the middle. */
const cut = (text: string, bytes: number) =>
	Buffer.from(text)
		.subarray(0, bytes)
		.toString()
		.replace(/(?<![\u200d\ufffd])[\u200d\ufffd]+$/, '');
