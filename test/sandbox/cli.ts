import { parseArgs } from 'node:util';
import { startSandbox } from './server';

const USAGE = `Usage: tsx test/sandbox/cli.ts [options]
  --port <n>         port of the API (default: any free one)
  --key <key>        the API key it accepts (default: sk-test-key)
  --job-ms <n>       how long a video takes (default: 20000)
  --latency-ms <n>   delay of every answer (default: 0)
  --video-bytes <n>  serve generated videos of that size
  --json             print the URLs as one line of JSON
  --help             print this`;

const OPTIONS = {
	port: { type: 'string' },
	key: { type: 'string' },
	'job-ms': { type: 'string' },
	'latency-ms': { type: 'string' },
	'video-bytes': { type: 'string' },
	json: { type: 'boolean' },
	help: { type: 'boolean' },
} as const;

function wholeNumber(flag: string, value: string | undefined): number | undefined {
	if (value === undefined) return undefined;
	if (!/^\d+$/.test(value)) throw new TypeError(`--${flag} must be a whole number, not '${value}'`);
	return Number(value);
}

async function main(): Promise<void> {
	const { values } = parseArgs({ options: OPTIONS });
	if (values.help) return console.log(USAGE);

	const sizeBytes = wholeNumber('video-bytes', values['video-bytes']);
	const sandbox = await startSandbox({
		port: wholeNumber('port', values.port),
		apiKey: values.key,
		jobMs: wholeNumber('job-ms', values['job-ms']),
		latencyMs: wholeNumber('latency-ms', values['latency-ms']),
		video: sizeBytes === undefined ? undefined : { sizeBytes },
	});
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => void sandbox.close());
	}

	const { baseUrl, fileHostUrl, apiKey } = sandbox;
	if (values.json) return console.log(JSON.stringify({ baseUrl, fileHostUrl, apiKey }));
	console.log(`Base URL   ${baseUrl}\nFile host  ${fileHostUrl}\nAPI key    ${apiKey}`);
}

main().catch((error: Error) => {
	console.error(error.message);
	process.exitCode = 1;
});
