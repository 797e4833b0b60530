import { z } from 'zod';
import {
  type DispatchReport,
  dispatchReportSchema,
  type JobReport,
  jobReportSchema,
  stageTimeSchema,
} from './report.ts';

const time = z.string().describe('ISO 8601, UTC');

const shownStageSchema = stageTimeSchema.extend({
  package: z.string().nullable(),
  startedAt: time,
  durationMs: z.number().nullable(),
});

/** A job as people and programs read it: ISO times, null instead of undefined. */
export const shownJobSchema = jobReportSchema.extend({
  createdAt: time,
  finishedAt: time.nullable(),
  stages: z.array(shownStageSchema).readonly(),
});
export type ShownJob = Readonly<z.output<typeof shownJobSchema>>;

export const shownReportSchema = dispatchReportSchema.extend({ jobs: z.array(shownJobSchema).readonly() });
export type ShownReport = Readonly<z.output<typeof shownReportSchema>>;

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
