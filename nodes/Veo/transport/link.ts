import { VideoError } from '../errors';
import { isHttp, parseUrl } from '../utils';

/**
 * The address to which a link or a redirect leads.
 * @throws VideoError if there is none: the file may be at another place
 */
export function resolveLink(link: string, base: string): string {
	const url = parseUrl(link, base);
	if (url && isHttp(url)) return url.href;
	throw new VideoError('downloadFailed', { call: 'download', detail: 'url' });
}

/** Node reads headers as Latin-1, but servers send UTF-8. */
export function decodeHeader(value: string): string {
	if (!/^[\0-\xff]*$/.test(value)) return value;
	const decoded = Buffer.from(value, 'latin1').toString('utf8');
	return decoded.includes('\ufffd') ? value : decoded;
}
