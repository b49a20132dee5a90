import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

import { serve } from './serve';

type Cell = string | number;
type Values = { data: Array<{ range: string; values: Cell[][] }> };

export interface FakeGoogle {
	/** The environment variables of an n8n that uses it. */
	env: Record<string, string>;
	/** The rows of every sheet, with the header. */
	rows: Cell[][];
	/** By ID. */
	files: Record<string, { name?: string; bytes: Buffer; permission?: object }>;
	close: () => Promise<void>;
}

/** A fake of those parts of Google Sheets and Google Drive that the examples use. */
export async function startFakeGoogle(): Promise<FakeGoogle> {
	const google = { rows: [], files: {} } as unknown as FakeGoogle;
	const { url, close } = await serve((req, res) => {
		void buffer(req).then((body) => {
			const path = decodeURIComponent(new URL(req.url!, 'http://google').pathname);
			const upload = () => {
				const id = randomUUID();
				res.setHeader('location', `${url}/uploads/${id}`);
				return {};
			};
			const reply = path.startsWith('/upload/')
				? upload()
				: path.startsWith('/uploads/')
					? addBytes(google, path, body)
					: path.startsWith('/drive/')
						? changeFile(google, path, body)
						: changeSheet(google, path, body);
			res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
		});
	});
	const preload = `--require ${join(__dirname, 'redirectGoogle.js')}`;
	return Object.assign(google, { env: { NODE_OPTIONS: preload, FAKE_GOOGLE: url }, close });
}

function addBytes({ files }: FakeGoogle, path: string, body: Buffer) {
	const id = path.split('/').at(-1)!;
	files[id] = { bytes: Buffer.concat([files[id]?.bytes ?? Buffer.alloc(0), body]) };
	return { id };
}

function changeFile({ files }: FakeGoogle, path: string, body: Buffer) {
	const [, id, permissions] = /files\/([^/]+)(\/permissions)?$/.exec(path)!;
	const change = JSON.parse(body.toString()) as { name?: string };
	if (permissions) files[id].permission = change;
	else files[id].name = change.name;
	return { id, ...change };
}

function changeSheet({ rows }: FakeGoogle, path: string, body: Buffer) {
	if (!path.includes('/values'))
		return { sheets: [{ properties: { sheetId: 0, title: 'Sheet1' } }] };
	if (!path.endsWith(':batchUpdate')) return { values: rows };
	for (const { range, values } of (JSON.parse(body.toString()) as Values).data) {
		const [, column, row] = /!([A-Z])(\d+)/.exec(range)!;
		rows[Number(row) - 1][column.charCodeAt(0) - 65] = values[0][0];
	}
	return {};
}
