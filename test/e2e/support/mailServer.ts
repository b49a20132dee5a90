import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface MailServer {
	port: number;
	/** The source of each mail, with quoted-printable parts decoded. */
	mails: string[];
	close: () => Promise<void>;
}

/** A fake SMTP server that accepts every mail. */
export async function startMailServer(): Promise<MailServer> {
	const mails: string[] = [];
	const sockets = new Set<Socket>();
	const server = createServer((socket) => {
		sockets.add(socket);
		socket.on('error', () => undefined);
		serveMail(socket, mails);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		port: (server.address() as AddressInfo).port,
		mails,
		close: async () => {
			for (const socket of sockets) socket.destroy();
			await new Promise<void>((resolve) => server.close(() => resolve()));
		},
	};
}

function serveMail(socket: Socket, mails: string[]): void {
	let received = '';
	let isData = false;
	socket.write('220 fake\r\n');
	socket.setEncoding('latin1').on('data', (text: string) => {
		received += text;
		for (;;) {
			const end = isData ? '\r\n.\r\n' : '\r\n';
			const at = received.indexOf(end);
			if (at < 0) return;
			const part = received.slice(0, at);
			received = received.slice(at + end.length);
			if (isData) mails.push(decode(part));
			isData = !isData && /^DATA/i.test(part);
			socket.write(isData ? '354 go on\r\n' : /^QUIT/i.test(part) ? '221 bye\r\n' : '250 fine\r\n');
		}
	});
}

const decode = (source: string) =>
	source
		.replace(/=\r\n/g, '')
		.replace(/=([\dA-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));

/** The links in a mail, in order. */
export const linksIn = (mail: string) =>
	[...mail.matchAll(/https?:\/\/[^\s"<>]+/g)].map(([link]) => link.replaceAll('&amp;', '&'));
