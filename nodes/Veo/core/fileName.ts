const ENDINGS: Record<string, string> = { 'video/mp4': 'mp4', 'video/webm': 'webm' };

/** Only these are taken for the ending of a video file: "kite.new" is a name without one. */
const VIDEO_ENDING = /\.(mp4|m4v|mov|webm|mkv|avi|mpe?g|ogv)$/i;

/** Some file systems take 255 bytes; n8n's storage adds some of its own. */
const MAX_BYTES = 200;

/**
 * A name that every disk takes, with a video's ending.
 * @param wanted by the user; if empty, the name is that of the task
 */
export function fileNameFor(taskId: string, wanted: string, mimeType: string): string {
	const ending = `.${ENDINGS[mimeType] ?? 'mp4'}`;
	// n8n would take anything before a slash for a folder
	const name = (wanted || taskId)
		.replace(/[\s\p{Cc}]+/gu, ' ')
		.replace(/[/\\]/g, '_')
		.trim();
	const given = VIDEO_ENDING.exec(name)?.[0];
	// a WebM under the name of an MP4 does not play everywhere
	const kept = given && (mimeType !== 'video/webm' || /webm|mkv/i.test(given)) ? given : ending;
	const stem = given ? name.slice(0, -given.length) : name;
	return cut(stem, MAX_BYTES - kept.length) + kept;
}

function cut(text: string, bytes: number): string {
	let kept = text;
	while (Buffer.byteLength(kept) > bytes) kept = [...kept].slice(0, -1).join('');
	return kept || 'video';
}
