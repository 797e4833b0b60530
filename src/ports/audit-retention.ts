import type { NumberedEntry } from './audit-trail.ts';

/** An archive that was begun: the rows written before this time, up to this one. They never change. */
export interface ArchivePlan {
  /** Epoch milliseconds of its oldest row. */
  readonly from: number;
  /** Epoch milliseconds; every row is older. */
  readonly before: number;
  /** Id of its newest row. */
  readonly through: number;
  readonly rows: number;
}

/** Rows that are past their time. Each method is one transaction; each can be asked again. */
export interface AuditRetention {
  /** The archive that was begun and is not finished, else one of everything older than `before`; undefined when nothing is. */
  plan(before: number): Promise<ArchivePlan | undefined>;
  /** Oldest first. */
  streamPlanned(plan: ArchivePlan): AsyncIterable<NumberedEntry>;
  /** Its rows are safe elsewhere: from now on they may be deleted, and no others. */
  release(plan: ArchivePlan): Promise<void>;
  /** Deletes some of what was released; how many rows. 0: none are left. */
  deleteSome(): Promise<number>;
  /** Deletes some working rows of what was over before `before`; how many. 0: none are left. */
  trimSome(before: number): Promise<number>;
}
