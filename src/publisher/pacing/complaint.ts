import type { LogFields, Logger } from '../../ports/logger.ts';

/** Called after each round with what the round threw, or undefined when it ended well. */
export type Complaint = (error: unknown) => void;

/**
 * Logs one line for trouble that goes on round after round, until a round ends well or something else goes wrong: a
 * full disk lasts for hours, and whoever looks for the reason reads the log.
 */
export function buildComplaint(logger: Logger, trouble: string, about: LogFields = {}): Complaint {
  let known: string | undefined;
  return (error) => {
    const now = error === undefined ? undefined : nameOf(error);
    if (now !== undefined && now !== known) logger.error(trouble, { ...about, error });
    known = now;
  };
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? `${error.name} ${String(error.code)}` : `${error.name} ${error.message}`;
}
