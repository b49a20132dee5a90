import type { IExecuteFunctions } from 'n8n-workflow';

const contextOf = ({ type = 'x.veo', id = 'workflow' as string | undefined } = {}) =>
	({
		getNode: () => ({ type }),
		getWorkflow: () => ({ id }),
		getExecutionId: () => '1',
	}) as unknown as IExecuteFunctions;

/** With an n8n-workflow as older versions of n8n have it, or as it is. */
async function load({ isOld = false } = {}) {
	let loaded!: typeof import('../../nodes/Veo/run/durable');
	await jest.isolateModulesAsync(async () => {
		jest.doMock('n8n-workflow', () => {
			const { WAIT_FOR_SUB_EXECUTION, ...rest } = jest.requireActual('n8n-workflow');
			return isOld ? rest : { ...rest, WAIT_FOR_SUB_EXECUTION };
		});
		loaded = await import('../../nodes/Veo/run/durable');
	});
	return loaded;
}

it('should know the execution to park', async () => {
	const { parentOf } = await load();
	expect(parentOf(contextOf())).toEqual({ executionId: '1', workflowId: 'workflow' });
});

it.each([
	['an n8n that cannot wake it', { isOld: true }, {}, /too old.*Update n8n, or set 'Wait Mode'/],
	['a tool of an AI Agent', {}, { type: 'x.veoTool' }, /AI Agent/],
	['a workflow that is not saved', {}, { id: '' }, /not saved/],
])('should refuse to park %s', async (_name, version, context, expected) => {
	const { parentOf } = await load(version);
	let fault: { message: string; advice: string } | undefined;
	try {
		parentOf(contextOf(context));
	} catch (error) {
		fault = error as typeof fault;
	}
	expect(`${fault?.message}. ${fault?.advice}`).toMatch(expected);
});
