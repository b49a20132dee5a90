import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Origin } from './routes';
import type { SandboxOptions } from './options';
import { Sandbox } from './sandbox';

export { CATALOGUE, catalogueRows, type CatalogueRow } from './catalogue';
export type { Clock } from './clock';
export { REASON } from './errorBodies';
export type { Call, RecordedRequest } from './exchange';
export type { CallInfo, FaultFor, FaultRule } from './faultRules';
export type { Fault, FaultKind, Reply } from './faults';
export { failedTasks, type FailedTaskForm } from './failedTasks';
export { fieldOf, isFile, type FieldPart, type FilePart, type Part } from './multipart';
export { replies } from './replies';
export type { SandboxOptions } from './options';
export type { Sandbox } from './sandbox';
export { statusWords } from './statusWords';
export { ID_PLACES, LINK_PLACES, taskForms } from './taskForms';
export type { Outcome, SandboxTask, TaskOptions, TaskStatus } from './task';
export { FIXTURE_VIDEOS, FIXTURE_WEBM, type VideoSource } from './video';
export {
	box,
	UNFINISHED_FORMS,
	unfinishedVideo,
	WHOLE_FORMS,
	wholeVideo,
	type UnfinishedForm,
} from './videoForms';

/** A client's pooled connection must outlive the pauses of a test, or it may be reset by chance. */
const KEEP_ALIVE_MS = 120_000;

/** A fake CometAPI on loopback: the API and, at another origin, the file host. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const api = createServer();
	const files = createServer();
	const sandbox = new Sandbox(options, async () => {
		await Promise.all([api, files].map(shutDown));
	});
	serve(api, 'api', sandbox);
	serve(files, 'files', sandbox);
	sandbox.baseUrl = await listen(api, options.port);
	sandbox.fileHostUrl = await listen(files, options.filePort);
	return sandbox;
}

function serve(server: Server, origin: Origin, sandbox: Sandbox): void {
	server.keepAliveTimeout = KEEP_ALIVE_MS;
	server.on('request', (req, res) => {
		sandbox.handle(origin, req, res).catch((error: unknown) => {
			// a bug in the sandbox or in a test's callback must not look like an injected fault
			console.error('The sandbox could not answer', error);
			res.destroy();
		});
	});
}

async function listen(server: Server, port = 0): Promise<string> {
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', resolve);
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function shutDown(server: Server): Promise<void> {
	await new Promise<void>((resolve) => {
		server.close(() => resolve());
		server.closeAllConnections();
	});
}
