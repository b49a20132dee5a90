import { describeRandomBatches } from '../support/randomRun';

describeRandomBatches(210, ['stopWorkflow']);
