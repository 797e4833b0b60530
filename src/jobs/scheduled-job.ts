import type { RunCause } from '../domain/schedule/scheduled-run.ts';

export type { RunCause } from '../domain/schedule/scheduled-run.ts';

export interface RunContext {
  readonly cause: RunCause;
  /** Epoch milliseconds of the due time, or of the request when a person asked. */
  readonly dueAt: number;
  /** Aborted when the process stops, or when the run takes too long. */
  readonly signal: AbortSignal;
}

/** The result of a run: counts that people read (`{ looked: 127, repaired: 2 }`), and at most one sentence. */
export interface RunResult {
  readonly counts: Readonly<Record<string, number>>;
  readonly note?: string;
}

/** Work that starts on a schedule. It may be killed at any point and is then run again from the beginning. */
export interface ScheduledJob {
  /** The name in kebab-case; its setting is `JOB_<NAME>` in capitals with underscores. */
  readonly name: string;
  /** What it does for the team, as one sentence without a full stop. */
  readonly about: string;
  /** Five-field cron in the time zone TZ_JOBS, or `off` until somebody turns it on. */
  readonly schedule: string;
  /** The schedule that an operator can turn on, for a job that is off by default. */
  readonly scheduleWhenOn?: string;
  /** Does the work. Any error is a failed run, reported once until the job works again. */
  run(context: RunContext): Promise<RunResult>;
}
