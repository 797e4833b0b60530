import type { AskContext } from './command.ts';
import { GivenUp } from './deadline.ts';

/** What handlers of commands, menus and completions need. */
export interface AskDeps extends AskContext {
  readonly guildId: string;
  /** Aborts when the process stops; pending answers then say so. */
  readonly stopping: AbortSignal;
}

/** Logs an error; returns the sentence for the person who waits. */
export function reportTrouble(deps: Pick<AskDeps, 'logger'>, incident: string, error: unknown): string {
  if (error instanceof GivenUp) {
    deps.logger.warn('an answer was given up', { incident, why: error.message });
    return error.message;
  }
  deps.logger.error('an interaction failed', { incident, error });
  return `Something failed here (ref ${incident}). The log says more.`;
}
