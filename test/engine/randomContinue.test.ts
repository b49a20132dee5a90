import { describeRandomBatches } from '../support/randomRun';

describeRandomBatches(300, ['continueRegularOutput', 'continueErrorOutput']);
