import type { AuditedJob } from '../domain/job/audited-job.ts';
import type { RepositoryId, Slug } from '../domain/repository/repository.ts';

/** Where rows of the audit trail go when their retention time is over. */
export interface AuditArchive {
  /**
   * Writes the lines under this name, replacing what an earlier attempt left there, and reads them back. Returns the
   * number of lines; they are durable when the promise resolves. Throws ArchiveDamagedError if the lines that were read
   * differ from those that were written.
   */
  save(name: string, lines: AsyncIterable<string>): Promise<number>;
}

/** The archive that was read back differs from what was written; nothing may be deleted. */
export class ArchiveDamagedError extends Error {
  constructor(name: string, options?: ErrorOptions) {
    super(`the archive ${name} could not be read back as it was written`, options);
    this.name = 'ArchiveDamagedError';
  }
}

export interface AuditEntry {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Such as `dispatch-accepted`, `dispatch-refused` or `job-finished`. */
  readonly action: string;
  readonly actor: string;
  readonly subject: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** The append-only audit trail. */
export interface AuditLog {
  append(entry: Omit<AuditEntry, 'at'>): Promise<void>;
  /** Lists entries, newest first. */
  list(limit: number): Promise<readonly AuditEntry[]>;
}

export interface AuditPageRequest {
  /** Selects the rows about this repository, including those of its jobs; all rows if left out. */
  readonly about?: { readonly id: RepositoryId; readonly slug: Slug };
  /** Selects the rows on one side of this cursor; the newest rows if left out. */
  readonly beside?: AuditCursor;
  /** Number of rows per page. */
  readonly limit: number;
}

export interface AuditCursor {
  readonly side: 'older' | 'newer';
  /** Number of a row. */
  readonly id: number;
}

export interface AuditPage {
  /**
   * Newest first. There may be fewer rows than asked for, or none, although more exist: the search looks at a limited
   * number of rows at a time.
   */
  readonly rows: readonly NumberedEntry[];
  /** Where the page of older rows begins; undefined if there are none. `newer` likewise for newer rows. */
  readonly older: number | undefined;
  readonly newer: number | undefined;
}

/** The audit trail, page by page. */
export interface AuditPages {
  listPage(request: AuditPageRequest): Promise<AuditPage>;
}

/**
 * An archive that was begun. It contains the rows that were written before `before` and whose id is at most `through`.
 * They never change.
 */
export interface ArchivePlan {
  /** Epoch milliseconds of the archive's oldest row. */
  readonly from: number;
  /** Epoch milliseconds; every row of the archive is older. */
  readonly before: number;
  /** Id of the archive's newest row. */
  readonly through: number;
  readonly rows: number;
}

/** Rows whose retention time is over. Each method is one transaction and can be repeated. */
export interface AuditRetention {
  /**
   * Returns the archive that was begun and not finished; otherwise begins one of all rows older than `before`. Returns
   * undefined if there are no such rows.
   */
  plan(before: number): Promise<ArchivePlan | undefined>;
  /** Streams the archive's rows, oldest first. */
  streamPlanned(plan: ArchivePlan): AsyncIterable<NumberedEntry>;
  /** Allows the archive's rows to be deleted, and no others, because they are safely stored elsewhere. */
  release(plan: ArchivePlan): Promise<void>;
  /** Deletes a batch of the released rows. Returns the number of deleted rows; 0 means that none are left. */
  deleteSome(): Promise<number>;
  /**
   * Deletes a batch of working rows of what ended before `before`. Returns the number of deleted rows; 0 means that
   * none are left.
   */
  trimSome(before: number): Promise<number>;
}

export interface AuditFilter {
  /** Epoch milliseconds; includes `since`, excludes `until`. */
  readonly since: number;
  readonly until: number;
  readonly repository?: Slug;
}

export interface NumberedEntry extends AuditEntry {
  readonly id: number;
}

/** What was done, oldest first, streamed in pages so that a million rows are never held at once. */
export interface AuditTrail {
  /** Filters jobs by the time at which they were accepted. */
  streamJobs(filter: AuditFilter): AsyncIterable<AuditedJob>;
  /** Filters rows by repository, its jobs included, if one is given. */
  streamEntries(filter: AuditFilter & { readonly action?: string }): AsyncIterable<NumberedEntry>;
}
