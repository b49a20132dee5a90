const refused = (body: string | Record<string, unknown>, contentType?: string) =>
	({ kind: 'reply', status: 400, body, contentType }) as const;

/** The reason in every row of `errorBodies`, each in a different place. */
export const REASON = 'The image is not supported';

/** 400 with the reason in other places than in CometAPI's own error bodies. */
export const errorBodies = {
	errorText: refused({ error: REASON }),
	errorInError: refused({ error: { error: { code: 'bad_image', message: REASON } } }),
	errorInErrorText: refused({ error: { message: JSON.stringify({ error: { message: REASON } }) } }),
	errorsOfObjects: refused({ errors: [{ code: 'bad_image', message: REASON }] }),
	errorsOfTexts: refused({ errors: [REASON] }),
	detailText: refused({ detail: REASON }),
	/** FastAPI's validation error. */
	detailList: {
		...refused({
			detail: [{ loc: ['body', 'input_reference'], msg: REASON, type: 'value_error' }],
		}),
		status: 422,
	},
	messageOnly: refused({ message: REASON }),
	msgOnly: refused({ code: 1003, msg: REASON }),
	plainText: refused(REASON, 'text/plain; charset=utf-8'),
	/** JSON with the content type of a text. */
	jsonAsText: refused(JSON.stringify({ error: { message: REASON } }), 'text/plain; charset=utf-8'),
	codeOnly: refused({ code: 'bad_image', message: '', data: null }),
	noBody: refused('', 'text/plain'),
} as const;
