import { until } from './until';

interface Page {
	html: string;
	/** Files that the page offers for download. */
	downloads: Array<{ fileName: string; type: string; bytes: Buffer }>;
}

/** Opens a form, submits it and waits for its last page, as a browser does. */
export async function submitForm(
	n8nUrl: string,
	webhookId: string | undefined,
	answers: Record<string, string | File>,
): Promise<Page> {
	const formUrl = `${n8nUrl}/form/${webhookId}`;
	const form = await open(formUrl);
	const body = new FormData();
	for (const [label, answer] of Object.entries(answers)) body.append(fieldOf(form, label), answer);
	const sent = await fetch(formUrl, { method: 'POST', body });
	const { formWaitingUrl } = (await sent.json()) as { formWaitingUrl: string };

	const statusUrl = new URL(formWaitingUrl);
	statusUrl.pathname += '/n8n-execution-status';
	await until('the next page', async () => {
		const status = (await (await fetch(statusUrl)).text()).trim();
		if (status === 'error') throw new Error('The form ended with an error');
		return status === 'form-waiting';
	});
	const html = await (await fetch(formWaitingUrl)).text();
	// a browser confirms to n8n that it has shown the page
	await fetch(formWaitingUrl, { method: 'POST' });
	return { html, downloads: downloadsOf(html) };
}

/** Loads a page of a workflow that was just published. */
const open = async (url: string) =>
	await until(url, async () => {
		const response = await fetch(url);
		return response.ok ? await response.text() : undefined;
	});

/** @returns the form name of the field with this label */
function fieldOf(html: string, label: string): string {
	const labels = html.matchAll(/<label[^>]*for=['"]([^'"]+)['"][^>]*>([^<]*)/g);
	for (const [, field, text] of labels) if (text.trim() === label) return field;
	throw new Error(`The form has no field '${label}'`);
}

interface DownloadFile {
	fileName: string;
	type: string;
	/** In memory: a string with one character per byte. */
	data: { data: number[] } | string;
}

function downloadsOf(html: string): Page['downloads'] {
	const [, text = ''] = /JSON\.parse\(decodeURIComponent\("([^"]*)"\)\)/.exec(html) ?? [];
	const files = JSON.parse(decodeURIComponent(text) || '[]') as DownloadFile[] | DownloadFile | '';
	// older n8n has one file or an empty text, and no list
	return (files ? [files].flat() : []).map(({ fileName, type, data }) => ({
		...{ fileName, type },
		bytes: typeof data === 'string' ? Buffer.from(data, 'latin1') : Buffer.from(data.data),
	}));
}
