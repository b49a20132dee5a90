import { describeRandomBatches } from '../support/randomRun';

describeRandomBatches(['continueRegularOutput', 'continueErrorOutput']);
