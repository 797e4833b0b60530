import type { RepositoryId, Slug } from '../domain/repository.ts';
import type { NumberedEntry } from './audit-trail.ts';

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
