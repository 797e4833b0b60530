/** A signal that means nothing to the process, and is ignored by one that has only just begun. */
export const askSignal = 'SIGWINCH';
