import type { JobLine } from '../../domain/job/job-line.ts';
import type { DriftSummary } from '../../domain/package/drift.ts';
import type { RepositoryStatus } from '../../domain/repository/repository.ts';
import type { ScheduledJobState } from '../../ports/schedule.ts';
import type { Readiness } from '../queue/readiness.ts';

/** How things stand, at a glance. */
export interface Overview {
  readonly readiness: Readiness;
  readonly queued: number;
  readonly running: number;
  readonly parked: number;
  readonly repositories: Readonly<Record<RepositoryStatus, number>>;
  /** Newest first. */
  readonly lastJobs: readonly JobLine[];
  readonly drift: DriftSummary;
  /** Entries of published versions that have not reached their repository. */
  readonly owedChangelogs: number;
  /** Versions that wait for others. */
  readonly held: number;
  /** Sentences: contested names, undelivered messages, failed jobs nobody retried, changelogs that are owed. */
  readonly waitsForPerson: readonly string[];
  /** Soonest first, those that are off at the end. */
  readonly scheduledJobs: readonly ScheduledJobState[];
}
