import { failure, renderFailure } from '../failure/failure.ts';
import { type Actor, chatUserOf } from '../job/actor.ts';
import type { Announcement, HoldSettled, JobFinished, ProposedFix } from './announcement.ts';

export interface Retry {
  readonly by: Actor;
  /** The job that follows. */
  readonly as: number;
  /** Why it is to be published in spite of what stopped it; undefined for a plain retry. */
  readonly reason: string | undefined;
  /** Pull requests that repair the failed job's packages. */
  readonly fixes: readonly ProposedFix[];
}

/** What the message of a failed job says once another one follows. */
export function announceRetry(ended: JobFinished, { by, as, reason, fixes }: Retry): Announcement {
  const anyway = reason === undefined ? {} : { anyway: reason };
  const proposed = fixes.length === 0 ? {} : { fixes };
  return { kind: 'job-retried', ended, by: chatUserOf(by), as, ...anyway, ...proposed };
}

/** The failed job's message as it was told last, with what is proposed by now; undefined when it has none. */
export function announceFixes(
  last: Announcement | undefined,
  fixes: readonly ProposedFix[],
): Announcement | undefined {
  if (last?.kind === 'job-retried') return { ...last, fixes };
  return last?.kind === 'job-finished' ? { kind: 'fix-proposed', ended: last, fixes } : undefined;
}

/** What became of versions that a job held; `retried` is what was told last of its being retried. */
export function announceSettled(
  ended: JobFinished,
  settled: HoldSettled['settled'],
  retried: Announcement | undefined,
): HoldSettled {
  const by = retried?.kind === 'job-retried' ? { retried: { by: retried.by, as: retried.as } } : {};
  return { kind: 'hold-settled', ended, settled, ...by };
}

/** A commit is not looked at any more. */
export function announceLeftAlone(repository: string, commit: string): Announcement {
  const { title, remedy } = renderFailure(failure('head-left-alone', { repository, commit }));
  return { kind: 'repository-notice', repository, title, remedy };
}

/** The branch that a job judged, as far as it is announced. */
export function branchOf(announcement: Announcement | undefined): string | undefined {
  return announcement?.kind === 'job-finished' ? announcement.about?.branch : undefined;
}
