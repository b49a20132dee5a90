// Loaded into n8n before its own code: sends requests for Google to a server on this machine.
const http = require('node:http');
const https = require('node:https');

const { request } = https;
https.request = (options, ...rest) => {
	if (!`${options.hostname}`.endsWith('.googleapis.com')) return request(options, ...rest);
	const { hostname, port } = new URL(process.env.FAKE_GOOGLE);
	const { agent: _, agents: __, ...others } = options;
	return http.request({ ...others, protocol: 'http:', hostname, host: hostname, port }, ...rest);
};
