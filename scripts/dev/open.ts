import { spawn } from 'node:child_process';

/** In the system's browser, where there is one. */
export function openInBrowser(url: string): void {
	const [command, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
	const { DISPLAY, WAYLAND_DISPLAY } = process.env;
	// without a screen xdg-open would look for a browser in the terminal
	if (command === 'xdg-open' && !DISPLAY && !WAYLAND_DISPLAY) return;
	const child = spawn(command, [...args, url], { detached: true, stdio: 'ignore' });
	child.on('error', () => {});
	child.unref();
}

const OPENERS: Partial<Record<NodeJS.Platform, string[]>> = {
	darwin: ['open'],
	win32: ['cmd', '/c', 'start', ''],
};
