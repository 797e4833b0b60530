import type { Actor } from '../domain/actor.ts';
import type { JobMemory, RunCause, RunEnding, ScheduledRun } from '../domain/scheduled-run.ts';

export interface NewRun {
  readonly name: string;
  readonly cause: RunCause;
  readonly askedBy: string | undefined;
  readonly dueAt: number;
}

/** What scheduled jobs did, and what is known of them. Each method is one transaction. */
export interface ScheduledRuns {
  /** Marks the runs that an earlier process did not end as interrupted; their names. */
  recover(): Promise<readonly string[]>;
  /** A job that is new here, or has another schedule than before, is known from now on. */
  remember(name: string, schedule: string): Promise<JobMemory>;
  /** Its id. One that somebody asked for is audited. */
  begin(run: NewRun): Promise<number>;
  /** A first failure, and the first success after it, are announced with it. Older runs of the job are forgotten. */
  end(id: number, ending: RunEnding): Promise<void>;
  /** Newest first, also the one that runs. */
  list(name: string, limit: number): Promise<readonly ScheduledRun[]>;
  /** Written down with who did it. */
  turn(name: string, isOn: boolean, by: Actor): Promise<void>;
}
