import { findJobName } from '../../domain/job/actor.ts';
import type { RetryResult } from '../../ports/jobs.ts';
import type { ExceptionResult } from '../../ports/preflight.ts';
import { userOf, wordActor } from '../interactions/person.ts';
import { inert } from '../text/text.ts';

/** Words the result of a request to run a failed job again. */
export function wordRetried(job: number, result: RetryResult | ExceptionResult): string {
  switch (result.kind) {
    case 'queued':
      return `Queued as #${result.job}.`;
    case 'followed':
      return wordFollowed(job, result);
    case 'not-failed':
      return `#${job} is ${result.status}: there is nothing to retry.`;
    case 'repository-disabled':
      return `${inert(result.repository, 200)} is disabled. An operator sets it to active first.`;
    case 'nothing-to-allow':
      return `Nothing of #${job} can be let through like this: correct what was found and push again.`;
    case 'unknown':
      return `There is no job #${job} here. The message may be from another installation.`;
  }
}

function wordFollowed(job: number, next: Extract<RetryResult, { kind: 'followed' }>): string {
  const { requestedBy: by } = next;
  const isRetry = userOf(by) !== undefined || findJobName(by) !== undefined;
  if (!isRetry) return `#${job} was already followed by #${next.job} (${next.status}).`;
  return `#${job} was already retried by ${wordActor(by)} as #${next.job} (${next.status}).`;
}

export interface Retried {
  /** Discord's user id. */
  readonly by: string;
  /** The number of the new job. */
  readonly as: number;
  /** The reason it was let through; undefined for a plain retry. */
  readonly anyway?: string | undefined;
}

export function wordRetry({ by, as, anyway }: Retried): string {
  // Otherwise a scheduled job retried it: nobody to mention.
  const who = /^\d{1,21}$/.test(by) ? `<@${by}>` : 'The publisher itself';
  if (anyway === undefined) return `🔁 ${who} retried it as #${as}`;
  return `🔓 ${who} let it through as #${as}: ${inert(anyway, 700)}`;
}
