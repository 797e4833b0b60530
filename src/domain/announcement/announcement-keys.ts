import type { Neighbour } from '../failure/failure.ts';

/**
 * Keys make each announcement happen once; an earlier announcement is found again by its key, or by the beginning of
 * its key.
 */
export function jobFinishedKey(job: number): string {
  return `job-${job}-finished`;
}

export function jobRetriedPrefix(job: number): string {
  return `job-${job}-retried-`;
}

export function jobRetriedKey(job: number, next: number): string {
  return `${jobRetriedPrefix(job)}${next}`;
}

export function fixesKey(job: number, count: number): string {
  return `job-${job}-fixes-${count}`;
}

/** `cause` distinguishes the announcements about one job, so that each happens once. */
export function holdSettledKey(job: number, cause: string): string {
  return `hold-${job}-${cause}`;
}

/** Beginning of the keys of outages and of their ends. */
export const outagePrefix = 'outage-';

/** An outage is announced as often as something about it changes. Times are epoch milliseconds. */
export function outageKey(neighbour: Neighbour, since: number, now: number): string {
  return `${beganPrefix(neighbour)}${since}-${now}`;
}

export function outageOverKey(neighbour: Neighbour, since: number, until: number): string {
  return `${overPrefix(neighbour)}${since}-${until}`;
}

/** Returns how the keys of all announcements about outages of one neighbour begin. */
export function outagePrefixes(neighbour: Neighbour): readonly [began: string, over: string] {
  return [beganPrefix(neighbour), overPrefix(neighbour)];
}

function beganPrefix(neighbour: Neighbour): string {
  return `${outagePrefix}${neighbour}-`;
}

function overPrefix(neighbour: Neighbour): string {
  return `${outagePrefix}over-${neighbour}-`;
}

export const dispatcherFailedPrefix = 'dispatcher-failed-';

export function dispatcherFailedKey(repositoryId: number, commit: string | undefined): string {
  return `${dispatcherFailedPrefix}${repositoryId}-${commit ?? 'unknown'}`;
}

/** `since` in epoch milliseconds: a repository may be left alone at the same commit again. */
export function leftAloneKey(repositoryId: number, commit: string, since: number): string {
  return `head-left-alone-${repositoryId}-${commit}-${since}`;
}

export function scheduledRunKey(run: number): string {
  return `scheduled-run-${run}`;
}

/** `since` in epoch milliseconds. */
export function jobFindingKey(job: string, subject: string, since: number): string {
  return `${job}-${subject}-${since}`;
}

/** `at` in epoch milliseconds. */
export function shadowKey(repositoryId: number, at: number): string {
  return `shadow-${repositoryId}-${at}`;
}
