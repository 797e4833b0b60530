import type { Neighbour, RenderedFailure } from './failure.ts';
import type { JobStatus, PackageReport } from './report.ts';

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
