/** Too many requests. */
export const RATE_LIMITED = 429;

const PASSING = new Set([304, 408, 409, 425, RATE_LIMITED, 499]);

/** Temporary statuses, for requests that cost nothing. */
export const isPassing = (status: number): boolean => status >= 500 || PASSING.has(status);
