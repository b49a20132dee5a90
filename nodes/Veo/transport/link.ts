import { VideoError } from '../errors';

/**
 * The address to which a link or a redirect leads.
 * @throws VideoError if there is none: the file may be at another place
 */
export function resolveLink(link: string, base: string): string {
	if (URL.canParse(link, base)) {
		const { protocol, href } = new URL(link, base);
		if (/^https?:$/.test(protocol)) return href;
	}
	throw new VideoError('downloadFailed', { call: 'download', detail: 'url' });
}

/** Node reads headers as Latin-1, but servers send UTF-8. */
export function decodeHeader(value: string): string {
	if (!/^[\0-\xff]*$/.test(value)) return value;
	const decoded = Buffer.from(value, 'latin1').toString('utf8');
	return decoded.includes('\ufffd') ? value : decoded;
}
