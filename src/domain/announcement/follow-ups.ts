import { failure, renderFailure } from '../failure/failure.ts';
import { type Actor, chatUserOf } from '../job/actor.ts';
import type { Announcement, HoldSettled, JobFinished, ProposedFix } from './announcement.ts';

export interface Retry {
  readonly by: Actor;
  /** The job that follows. */
  readonly as: number;
  /** Why the version is to be published in spite of what stopped it; undefined for a plain retry. */
  readonly reason: string | undefined;
  /** Pull requests that repair the failed job's packages. */
  readonly fixes: readonly ProposedFix[];
}

/** Builds what the message of a failed job says once another job follows. */
export function announceRetry(ended: JobFinished, { by, as, reason, fixes }: Retry): Announcement {
  const anyway = reason === undefined ? {} : { anyway: reason };
  const proposed = fixes.length === 0 ? {} : { fixes };
  return { kind: 'job-retried', ended, by: chatUserOf(by), as, ...anyway, ...proposed };
}

/**
 * Builds what the message of a failed job says once repairs are proposed, from what it said last; undefined when the
 * job has no message.
 */
export function announceFixes(
  last: Announcement | undefined,
  fixes: readonly ProposedFix[],
): Announcement | undefined {
  if (last?.kind === 'job-retried') return { ...last, fixes };
  return last?.kind === 'job-finished' ? { kind: 'fix-proposed', ended: last, fixes } : undefined;
}

/**
 * Builds what the message of a job says about the versions that it held; `retried` is the last announcement that the
 * job was retried.
 */
export function announceSettled(
  ended: JobFinished,
  settled: HoldSettled['settled'],
  retried: Announcement | undefined,
): HoldSettled {
  const by = retried?.kind === 'job-retried' ? { retried: { by: retried.by, as: retried.as } } : {};
  return { kind: 'hold-settled', ended, settled, ...by };
}

/** Announces that a commit is not looked at any more. */
export function announceLeftAlone(repository: string, commit: string): Announcement {
  const { title, remedy } = renderFailure(failure('head-left-alone', { repository, commit }));
  return { kind: 'repository-notice', repository, title, remedy };
}

/** Returns the branch that a job judged, as far as it is announced. */
export function branchOf(announcement: Announcement | undefined): string | undefined {
  return announcement?.kind === 'job-finished' ? announcement.about?.branch : undefined;
}
