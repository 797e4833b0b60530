import type { JobReport, JobStatus } from '../domain/report.ts';
import type { AuditEntry } from './audit-log.ts';

export type RetryResult =
  | { readonly kind: 'queued'; readonly job: number }
  /** Another job of the same dispatch is newer. */
  | {
      readonly kind: 'followed';
      readonly job: number;
      readonly status: JobStatus;
      /** As jobs name who asked: `event`, or `discord:` and a user's id. */
      readonly requestedBy: string;
    }
  /** It is still alive, or there is nothing to retry. */
  | { readonly kind: 'not-failed'; readonly status: JobStatus }
  | { readonly kind: 'repository-disabled'; readonly repository: string }
  | { readonly kind: 'unknown' };

export type DismissResult =
  | { readonly kind: 'dismissed' }
  /** `by` as jobs name who asked. */
  | { readonly kind: 'already'; readonly by: string }
  | { readonly kind: 'not-failed'; readonly status: JobStatus }
  | { readonly kind: 'unknown' };

export interface FoundJob {
  readonly repository: string;
  readonly commit: string;
  /** `event`, or who asked. */
  readonly requestedBy: string;
  readonly report: JobReport;
  /** What the audit trail holds of it, oldest first; the newest of it where that is long. */
  readonly history: readonly AuditEntry[];
}

/** What people do with jobs that are over. Each method is one transaction. */
export interface JobRetries {
  /** A new job of the same dispatch, if this is its newest and failed; of two who press at once one wins. `by` is a chat user's id. */
  retry(job: number, by: string): Promise<RetryResult>;
  /** Nothing is to be done about its failure: nobody is reminded of it. Written into the audit trail. */
  dismiss(job: number, by: string): Promise<DismissResult>;
  findJob(job: number): Promise<FoundJob | undefined>;
}
