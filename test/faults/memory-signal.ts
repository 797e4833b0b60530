/** A signal that the process otherwise ignores, even right after its start. */
export const askSignal = 'SIGWINCH';
