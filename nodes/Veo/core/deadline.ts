import { clock } from '../clock';
import { limits } from '../limits';

/** On the clock, in ms. */
export const deadlineIn = (minutes: number) => clock.now() + minutes * 60_000;

/** Until when a POST that created nothing is sent again if nobody waits for the video. */
export const createDeadline = () => clock.now() + limits.createRetryMs;
