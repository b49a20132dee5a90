import type { INodeProperties } from 'n8n-workflow';

export const downloadVideo: INodeProperties = {
	displayName: 'Download Video',
	name: 'downloadVideo',
	type: 'boolean',
	default: true,
	description: 'Whether to download the finished video and add it to the output as a binary file',
};

const withFile = { show: { downloadVideo: [true] } };
/** For an option, which is one level deeper. */
const optionWithFile = { show: { '/downloadVideo': [true] } };

export const binaryPropertyOutput: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'binaryPropertyOutput',
	type: 'string',
	required: true,
	default: 'data',
	placeholder: 'e.g. data',
	hint: 'The name of the output binary field to put the file in',
	displayOptions: withFile,
};

export const fileName: INodeProperties = {
	displayName: 'File Name',
	name: 'fileName',
	type: 'string',
	default: '',
	placeholder: 'e.g. kite.mp4',
	description: 'Name of the video file. Defaults to the task ID.',
	displayOptions: optionWithFile,
};

export const includeFileLink: INodeProperties = {
	displayName: 'Include File Link',
	name: 'includeFileLink',
	type: 'boolean',
	default: false,
	description:
		"Whether to add a public link to the stored file as 'file_url'. Anyone with the link can open the video for 14 days without logging in to n8n.",
	displayOptions: optionWithFile,
};

/** The parameters and options of the operations that return a file. */
export const outputParameters = [downloadVideo, binaryPropertyOutput];
export const outputOptions = [fileName, includeFileLink];
