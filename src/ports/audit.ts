import type { AuditedJob } from '../domain/job/audited-job.ts';
import type { RepositoryId, Slug } from '../domain/repository/repository.ts';

/** Where rows of the audit trail go when their time is over. */
export interface AuditArchive {
  /**
   * Writes the lines under this name, in place of what an earlier try left there, and reads them back. Durable when it
   * resolves with how many lines there are; throws ArchiveDamagedError when they are not those that were written.
   */
  save(name: string, lines: AsyncIterable<string>): Promise<number>;
}

/** What was read back is not what was written; nothing may be deleted. */
export class ArchiveDamagedError extends Error {
  constructor(name: string, options?: ErrorOptions) {
    super(`the archive ${name} could not be read back as it was written`, options);
    this.name = 'ArchiveDamagedError';
  }
}

export interface AuditEntry {
  /** Epoch milliseconds. */
  readonly at: number;
  /** `dispatch-accepted`, `dispatch-refused`, `job-finished`, … */
  readonly action: string;
  readonly actor: string;
  readonly subject: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Append-only. */
export interface AuditLog {
  append(entry: Omit<AuditEntry, 'at'>): Promise<void>;
  /** Newest first. */
  list(limit: number): Promise<readonly AuditEntry[]>;
}

export interface AuditPageRequest {
  /** What is about this repository, its jobs included; everything when left out. */
  readonly about?: { readonly id: RepositoryId; readonly slug: Slug };
  /** On this side of that row; the newest rows when left out. */
  readonly beside?: AuditCursor;
  /** Rows of a page. */
  readonly limit: number;
}

export interface AuditCursor {
  readonly side: 'older' | 'newer';
  /** A row's number. */
  readonly id: number;
}

export interface AuditPage {
  /** Newest first. Fewer than asked for, or none, while there is more: only so many rows are looked through at once. */
  readonly rows: readonly NumberedEntry[];
  /** Where the next page begins; undefined at the end. */
  readonly older: number | undefined;
  readonly newer: number | undefined;
}

/** The audit trail for people who leaf through it. */
export interface AuditPages {
  listPage(request: AuditPageRequest): Promise<AuditPage>;
}

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
