import type { LogFields, Logger } from '../../ports/logger.ts';

/** Told of each round: what it threw, or undefined when it ended well. */
export type Complaint = (error: unknown) => void;

/**
 * One line for what goes wrong round after round, until it ends well or something else goes wrong: a full disk lasts for
 * hours, and the log is read by whoever looks for the reason.
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
