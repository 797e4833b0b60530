import type { OpenFailure } from '../domain/open-failure.ts';
import type { LiveJob, PublishedLine, UnsentMessages, WorkSummary } from '../domain/work-summary.ts';

/** What goes on and what is left over, for whoever watches. Times are epoch milliseconds. */
export interface OpenWork {
  /** Failures since then that nothing followed, oldest first; dismissed ones are marked. */
  listFailures(since: number): Promise<readonly OpenFailure[]>;
  /** Queued and running jobs, in order. */
  listLive(): Promise<readonly LiveJob[]>;
  /** Jobs that ended from `from` on and before `to`. */
  summarize(from: number, to: number): Promise<WorkSummary>;
  /** What those jobs published, in order. */
  listPublished(from: number, to: number): Promise<readonly PublishedLine[]>;
  /** Messages that wait since before `before`. */
  findUnsent(before: number): Promise<UnsentMessages>;
  /** Repositories whose dispatcher failed since then, with how often. */
  listFailingDispatchers(since: number): Promise<ReadonlyMap<string, number>>;
}
