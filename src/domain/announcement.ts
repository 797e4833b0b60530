import { type Failure, type Neighbour, type RenderedFailure, renderFailure } from './failure.ts';
import { renderPackage } from './package-report.ts';
import type { JobStatus, PackageReport, PackageResult } from './report.ts';

/** Something the team is told, as data; how it looks is the thread's business. */
export type Announcement =
  | {
      readonly kind: 'job-finished';
      readonly job: number;
      readonly dispatchId: string;
      readonly repository: string;
      readonly commit: string;
      readonly requestedBy: string;
      readonly status: JobStatus;
      readonly failure: RenderedFailure | null;
      /** Only packages that have something to say: published, failed, held, withdrawn, and those with warnings. */
      readonly packages: readonly PackageReport[];
      readonly counts: Readonly<Record<string, number>>;
      readonly durationMs: number;
    }
  | {
      readonly kind: 'outage';
      readonly neighbour: Neighbour;
      readonly since: number;
      readonly detail: string;
    }
  | {
      readonly kind: 'outage-over';
      readonly neighbour: Neighbour;
      readonly since: number;
      readonly until: number;
    }
  | { readonly kind: 'dispatch-refused'; readonly repository: string; readonly failure: RenderedFailure };

export interface FinishedJob {
  readonly job: number;
  readonly dispatchId: string;
  readonly repository: string;
  readonly commit: string;
  readonly requestedBy: string;
  readonly status: JobStatus;
  readonly failure: Failure | undefined;
  readonly results: readonly PackageResult[];
  readonly durationMs: number;
}

const spoken: readonly PackageResult['state'][] = ['published', 'failed', 'held', 'withdrawn'];

/** What is said when a job ends: the packages worth a line, the others as counts. */
export function announceJob(ended: FinishedJob): Announcement {
  const { results, failure, ...facts } = ended;
  const counts: Record<string, number> = {};
  for (const result of results) counts[result.state] = (counts[result.state] ?? 0) + 1;
  return {
    kind: 'job-finished',
    ...facts,
    failure: failure === undefined ? null : renderFailure(failure),
    packages: results
      .filter((result) => spoken.includes(result.state) || result.warnings.length > 0)
      .map(renderPackage),
    counts,
  };
}
