import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { RunContext } from '../core/context';
import { savedByNewer } from '../core/savedVersion';
import { VideoError } from '../errors';
import { nodeErrorOf } from '../messages/nodeError';
import { INTERNAL_ROLE } from '../parameters/task';
import type { InternalRole } from '../parameters/task';
import { checkVideos, sleepUntilCheck } from './check';
import { downloadVideos } from './download';
import { PausedRun, probeCredential } from './start';
import { readData } from './step';
import type { InternalData } from './step';
import type { SubWorkflow } from './subWorkflows';
import { collectVideos, superviseChecks } from './supervise';

/*
 * A paused execution is saved in n8n's database until its videos have ended, so that n8n can be
 * stopped or killed meanwhile. n8n resumes an execution when its sub-execution has ended, so the
 * node starts one, which starts another one to do the checks. One video passes through all of them,
 * from left to right and from top to bottom; a double line starts a sub-execution and gets its output:
 *
 *   the user's workflow     CometAPI Veo: probes the credential, creates the videos, pauses
 *                                   ║                                             ║
 *   "Check credential"      Check Credential                                      ║
 *                                                                                 ║
 *   "Wait for videos"       Videos ─► Videos or Errors ─► All Finished? ─yes► output
 *                                            ▲                 │no
 *                                            └─ Wait for Videos ◄  pauses
 *                                                     ║
 *   "Check videos"          Videos ─► Wait ─► Check Videos ─► All Finished? ─yes► output
 *                                       ▲         ║                │no
 *                                       └─────────╫────────────────┘
 *                                                 ║
 *   "Download videos"       Videos ─► Download Videos
 *
 * Each execution does one thing that can be killed: "Check videos" calls CometAPI, and if it is
 * killed, "Wait for videos" starts another one. "Wait for videos" itself runs for milliseconds.
 * "All Finished?" reads what the node before it has set with `setWaiting` (`step.ts`).
 */

/** Waits for the videos for as long as it takes, and returns them or their errors. */
const WAIT_FOR_VIDEOS: SubWorkflow = {
	name: 'Wait for videos',
	first: 'Videos or Errors',
	nodes: {
		'Videos or Errors': { role: 'collect', next: 'All Finished?' },
		'All Finished?': { unlessWaitingIn: 'Videos or Errors', otherwise: 'Wait for Videos' },
		'Wait for Videos': { role: 'supervise', continuesOnError: true, next: 'Videos or Errors' },
	},
	isKept: true,
};

/** Checks the videos about once a minute until all have ended; killed, it is replaced by another one. */
const CHECK_VIDEOS: SubWorkflow = {
	name: 'Check videos',
	first: 'Wait',
	nodes: {
		Wait: { role: 'sleep', next: 'Check Videos' },
		'Check Videos': { role: 'check', next: 'All Finished?' },
		'All Finished?': { unlessWaitingIn: 'Check Videos', otherwise: 'Wait' },
	},
	isKept: true,
};

/** Runs before anything is created: whether a sub-execution can start, and has the same credential. */
const PROBE: SubWorkflow = {
	name: 'Check credential',
	first: 'Check Credential',
	nodes: { 'Check Credential': { role: 'probe', continuesOnError: true } },
	isKept: false,
};

/** Downloads the finished ones. Its files are given to the user's execution, as n8n deletes this one. */
const DOWNLOAD_VIDEOS: SubWorkflow = {
	name: 'Download videos',
	first: 'Download Videos',
	nodes: { 'Download Videos': { role: 'download' } },
	isKept: false,
};

type Step = (context: IExecuteFunctions, data: InternalData) => Promise<INodeExecutionData[]>;

const STEPS: Record<InternalRole, Step> = {
	[INTERNAL_ROLE.probe]: probeCredential,
	[INTERNAL_ROLE.collect]: collectVideos,
	[INTERNAL_ROLE.supervise]: async (context, data) =>
		await superviseChecks(context, data, CHECK_VIDEOS),
	[INTERNAL_ROLE.sleep]: sleepUntilCheck,
	[INTERNAL_ROLE.check]: async (context, data) => await checkVideos(context, data, DOWNLOAD_VIDEOS),
	[INTERNAL_ROLE.download]: downloadVideos,
};

const isKnown = (role: string): role is InternalRole => Object.hasOwn(STEPS, role);

/** Runs this node as a step of a sub-execution. */
export async function runStep(
	context: IExecuteFunctions,
	role: string,
): Promise<INodeExecutionData[]> {
	try {
		if (!isKnown(role)) throw savedByNewer(context.getInputData());
		return await STEPS[role](context, readData(context));
	} catch (error) {
		if (!(error instanceof VideoError)) throw error as Error;
		throw nodeErrorOf(context, error, 0, { taskIds: [], canRetry: false });
	}
}

export { isPauseWanted } from './start';

/** The videos of a run of the node that pauses the execution. */
export const createPausedRun = (run: RunContext) => new PausedRun(run, WAIT_FOR_VIDEOS, PROBE);
