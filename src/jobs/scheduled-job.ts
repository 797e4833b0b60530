import type { RunCause } from '../domain/schedule/scheduled-run.ts';

export type { RunCause } from '../domain/schedule/scheduled-run.ts';

export interface RunContext {
  readonly cause: RunCause;
  /** Epoch milliseconds of the time it was due; when a person asked, the time of that. */
  readonly dueAt: number;
  /** Aborted when the process stops, or when the run takes too long. */
  readonly signal: AbortSignal;
}

/** What a run did, in numbers that people read (`{ looked: 127, repaired: 2 }`), and at most a sentence. */
export interface RunResult {
  readonly counts: Readonly<Record<string, number>>;
  readonly note?: string;
}

/** Work that the clock starts. It may be killed anywhere and is run again as a whole. */
export interface ScheduledJob {
  /** Kebab-case; its setting is `JOB_<NAME>` in capitals with underscores. */
  readonly name: string;
  /** One sentence without a full stop: what it does for the team. */
  readonly about: string;
  /** Five-field cron in the zone of TZ_JOBS, or `off` until somebody turns it on. */
  readonly schedule: string;
  /** What an operator may turn on, where it is off until somebody does. */
  readonly scheduleWhenOn?: string;
  /** Whatever it throws is a failed run, told once until it works again. */
  run(context: RunContext): Promise<RunResult>;
}
