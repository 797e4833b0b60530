import type { DispatchReport, JobReport, PackageReport } from './report.ts';

/** A job as people and programs read it: ISO times, null instead of undefined. */
export interface ShownJob extends Omit<JobReport, 'createdAt' | 'finishedAt' | 'stages'> {
  readonly createdAt: string;
  readonly finishedAt: string | null;
  readonly stages: readonly {
    readonly stage: string;
    readonly package: string | null;
    readonly attempt: number;
    readonly startedAt: string;
    readonly durationMs: number | null;
  }[];
  readonly packages: readonly PackageReport[];
}

export interface ShownReport extends Omit<DispatchReport, 'jobs'> {
  readonly jobs: readonly ShownJob[];
}

export function showReport(report: DispatchReport): ShownReport {
  return { ...report, jobs: report.jobs.map(showJob) };
}

export function showJob(job: JobReport): ShownJob {
  return {
    ...job,
    createdAt: isoTime(job.createdAt),
    finishedAt: job.finishedAt === null ? null : isoTime(job.finishedAt),
    stages: job.stages.map((stage) => ({
      ...stage,
      package: stage.package ?? null,
      startedAt: isoTime(stage.startedAt),
      durationMs: stage.durationMs ?? null,
    })),
  };
}

function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
