import {
	expectDelivered,
	expectNoneLost,
	killSandbox,
	SURVIVED_MOMENTS,
	retried,
	surviveKillAtEnd,
	surviveKills,
} from './support/kills';
import type { Ended } from './support/paused';
import { restart, setUp } from './support/setUp';

/** Shorter than a slow request, so that a check does not finish before n8n ends. */
const env = { N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '3' };

const contexts = {
	SIGKILL: setUp({ sandbox: killSandbox(), env }),
	SIGTERM: setUp({ sandbox: killSandbox(), env }),
};

type Signal = keyof typeof contexts;
const signals = Object.keys(contexts) as Signal[];
const survivors = {} as Record<Signal, Ended[]>;
const continued = {} as Record<Signal, Ended[]>;
const inNextNode = {} as Record<Signal, Ended>;

async function endAndRestart(signal: Signal): Promise<void> {
	contexts[signal].n8n.signal(signal);
	await restart(contexts[signal], env);
}

beforeAll(async () => {
	await Promise.all(
		signals.map(async (signal) => {
			const kill = async () => await endAndRestart(signal);
			survivors[signal] = await surviveKills(contexts[signal], [kill, kill, kill]);
			continued[signal] = await surviveKillAtEnd(contexts[signal], kill);
			const crashed = survivors[signal].find(({ name }) => name === 'in the next node')!;
			inNextNode[signal] = await retried(contexts[signal], crashed);
		}),
	);
}, 1_800_000);

describe.each(signals)('an execution whose n8n is ended by %s', (signal) => {
	it.each(SURVIVED_MOMENTS)('%s delivers every video once', async (moment) => {
		const survivor = survivors[signal].find(({ name }) => name === moment)!;
		await expectDelivered(contexts[signal], survivor);
	});

	it('in the next node delivers every video once by Retry, without another charge', async () => {
		await expectDelivered(contexts[signal], inNextNode[signal]);
	});

	it('right after the last check loses no video', async () => {
		for (const each of continued[signal]) await expectNoneLost(contexts[signal], each);
	});
});
