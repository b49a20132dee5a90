import { describeRandomBatches } from '../support/randomRun';

describeRandomBatches(['stopWorkflow']);
