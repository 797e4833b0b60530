import type { JobLine, PublishLine } from '../../domain/job/job-line.ts';
import type { JobReport } from '../../domain/job/report.ts';
import type { DriftRow } from '../../domain/package/drift.ts';
import type { Hold } from '../../domain/package/hold.ts';
import type { Repository } from '../../domain/repository/repository.ts';
import type { ShadowSummary } from '../../domain/repository/shadow.ts';

export interface PackageHistory {
  readonly kind: 'package';
  readonly rows: readonly DriftRow[];
  readonly owner: string | undefined;
  /** Newest first. */
  readonly publishes: readonly PublishLine[];
  /** Versions that wait for others, oldest first. */
  readonly held: readonly Hold[];
}

export interface RepositoryHistory {
  readonly kind: 'repository';
  readonly repository: Repository;
  readonly drift: readonly DriftRow[];
  readonly jobs: readonly JobLine[];
  /** Versions that wait for others, oldest first. */
  readonly held: readonly Hold[];
  /** In shadow mode, and of a trial that ended. */
  readonly trial?: ShadowSummary;
}

export interface JobDetails {
  readonly kind: 'job';
  readonly repository: string;
  readonly commit: string;
  /** `event`, or who asked; undefined when that was not kept. */
  readonly requestedBy?: string;
  readonly report: JobReport;
}
