import type { Run } from '../run/run.ts';
import type { GiveWayDeps } from './deps.ts';

/** Older commits of the same history wait behind this job: they run first. Thrown before anything was judged. */
export class GaveWay extends Error {
  /** Numbers of their jobs, oldest commit first. */
  readonly to: readonly number[];
  constructor(to: readonly number[]) {
    super('older commits go first');
    this.name = 'GaveWay';
    this.to = to;
  }
}

/**
 * Events keep no order, commits do: throws GaveWay when waiting jobs of the repository are of commits that this job's
 * commit builds on. A job that has judged something goes on, because it may have sent something.
 */
export async function letAncestorsFirst(deps: GiveWayDeps, run: Run): Promise<void> {
  const { job, signal } = run;
  const waiting = await deps.queue.listWaiting(job);
  const others = [...new Set(waiting.map(({ commit }) => commit))].filter((commit) => commit !== job.commit);
  if (others.length === 0) return;
  if ((await deps.jobLog.listPackages(job.number)).length > 0) return;
  const ancestors = await deps.source.listAncestors(job.repositoryId, job.commit, others, signal);
  const ahead = ancestors.flatMap((commit) => waiting.filter((item) => item.commit === commit));
  if (ahead.length > 0) throw new GaveWay(ahead.map(({ number }) => number));
}
