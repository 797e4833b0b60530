import type { AuditedJob } from '../domain/audited-job.ts';
import type { Slug } from '../domain/repository.ts';
import type { AuditEntry } from './audit-log.ts';

export interface AuditFilter {
  /** Epoch milliseconds; from `since` on, before `until`. */
  readonly since: number;
  readonly until: number;
  readonly repository?: Slug;
}

export interface NumberedEntry extends AuditEntry {
  readonly id: number;
}

/** What was done, oldest first, a page at a time: a million rows are never held at once. */
export interface AuditTrail {
  /** By when they were accepted. */
  streamJobs(filter: AuditFilter): AsyncIterable<AuditedJob>;
  /** Those about a repository, its jobs included, when one is asked for. */
  streamEntries(filter: AuditFilter & { readonly action?: string }): AsyncIterable<NumberedEntry>;
}
