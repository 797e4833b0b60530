import type { MonitoringNotice } from '../domain/announcement/announcement.ts';
import type { Actor } from '../domain/job/actor.ts';
import type { JobMemory, RunCause, RunEnding, ScheduledRun } from '../domain/schedule/scheduled-run.ts';

/** A scheduled job as it is shown to people. Times are epoch milliseconds. */
export interface ScheduledJobState {
  readonly name: string;
  readonly about: string;
  /** The schedule by which the job runs now, or `off`. */
  readonly schedule: string;
  /** True if operators turned the job on, false if it is off; undefined if only the settings decide that. */
  readonly isTurnedOn: boolean | undefined;
  /** The next time the job is due; undefined while it is off. */
  readonly nextAt: number | undefined;
  /** Start of the current run; undefined if the job is not running. */
  readonly runningSince: number | undefined;
  /** The last run that ended. */
  readonly lastRun: ScheduledRun | undefined;
}

export type AskedRun =
  | { readonly kind: 'ran'; readonly run: ScheduledRun }
  /** The job is running; or, if `since` is undefined, it waits for its turn. */
  | { readonly kind: 'runs-already'; readonly since: number | undefined }
  | { readonly kind: 'unknown' };

/** What people can do with scheduled jobs. */
export interface JobSchedule {
  /** Lists the jobs by next due time; jobs that are off come last. */
  list(): Promise<readonly ScheduledJobState[]>;
  /**
   * Runs the job before those that are waiting, and resolves when the run has ended. The person who asked is recorded.
   */
  runNow(name: string, by: Actor): Promise<AskedRun>;
  /** Turns the job on or off. Returns false if only the settings can do that, or if the job does not exist. */
  turn(name: string, isOn: boolean, by: Actor): Promise<boolean>;
}

export interface NewRun {
  readonly name: string;
  readonly cause: RunCause;
  readonly askedBy: string | undefined;
  readonly dueAt: number;
}

/** Runs of scheduled jobs, and what is known about the jobs. Each method is one transaction. */
export interface ScheduledRuns {
  /** Marks runs that an earlier process did not finish as interrupted. Returns the names of their jobs. */
  recover(): Promise<readonly string[]>;
  /** Returns what is known about the job. A new job, or a job whose schedule changed, counts as known from now on. */
  remember(name: string, schedule: string): Promise<JobMemory>;
  /** Records the start of a run and returns its id. A run that a person asked for is audited. */
  begin(run: NewRun): Promise<number>;
  /**
   * Records the end of a run and deletes old runs of the job. The first failure, and the first success after it, are
   * announced in the same transaction.
   */
  end(id: number, ending: RunEnding): Promise<void>;
  /** Lists runs, newest first, including the one that is under way. */
  list(name: string, limit: number): Promise<readonly ScheduledRun[]>;
  /** Turns the job on or off and records who did it. */
  turn(name: string, isOn: boolean, by: Actor): Promise<void>;
}

export interface JobFinding {
  /** What the finding is about, such as a repository or a credential. */
  readonly subject: string;
  /** A sentence that describes the problem; undefined if there is none. */
  readonly text: string | undefined;
  /** Announced if the text differs from the last one, which includes the end of a problem. */
  readonly notice: MonitoringNotice | undefined;
}

/** What scheduled jobs found last time, so that only changes are announced. */
export interface JobFindings {
  /**
   * Saves the findings and announces those that changed, in one transaction. Returns the number of changes. Findings
   * about other subjects stay as they are.
   */
  settle(job: string, found: readonly JobFinding[]): Promise<number>;
}
