import type { Run } from '../run/pipeline.ts';
import type { GiveWayDeps } from './deps.ts';

/** Thrown before anything is judged: jobs of older commits of the same history are waiting, and they run first. */
export class GaveWay extends Error {
  /** Numbers of the waiting jobs, oldest commit first. */
  readonly to: readonly number[];
  constructor(to: readonly number[]) {
    super('older commits go first');
    this.name = 'GaveWay';
    this.to = to;
  }
}

/**
 * Throws GaveWay when waiting jobs of the repository are for ancestors of this job's commit: events may arrive in any
 * order, commits have one. A job that has already judged a package goes on, because it may have sent something.
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
