import type { JobStatus } from './report.ts';

/** A job in a list. */
export interface JobLine {
  readonly job: number;
  readonly repository: string;
  readonly commit: string;
  readonly status: JobStatus;
  readonly waitingFor: string | null;
  readonly requestedBy: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly durationMs: number | undefined;
}

/** What a job did with one package. */
export interface PublishLine extends JobLine {
  readonly version: string;
  readonly outcome: string;
}

/** Returns the text by which a job is offered to a person who types its number. */
export function labelJob({
  job,
  repository,
  status,
}: Pick<JobLine, 'job' | 'repository' | 'status'>): string {
  return `${job} · ${repository} · ${status}`;
}
