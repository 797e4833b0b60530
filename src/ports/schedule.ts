import type { MonitoringNotice } from '../domain/announcement/announcement.ts';
import type { Actor } from '../domain/job/actor.ts';
import type { JobMemory, RunCause, RunEnding, ScheduledRun } from '../domain/schedule/scheduled-run.ts';

/** A scheduled job as people see it. Times are epoch milliseconds. */
export interface ScheduledJobState {
  readonly name: string;
  readonly about: string;
  /** The schedule by which it runs now, or `off`. */
  readonly schedule: string;
  /** It is off or on as operators want it; undefined: that is for the settings alone. */
  readonly isTurnedOn: boolean | undefined;
  /** Undefined while it is off. */
  readonly nextAt: number | undefined;
  /** The run that goes on now. */
  readonly runningSince: number | undefined;
  /** The last one that ended. */
  readonly lastRun: ScheduledRun | undefined;
}

export type AskedRun =
  | { readonly kind: 'ran'; readonly run: ScheduledRun }
  /** Or waits for its turn, when `since` is undefined. */
  | { readonly kind: 'runs-already'; readonly since: number | undefined }
  | { readonly kind: 'unknown' };

/** What people do with scheduled jobs. */
export interface JobSchedule {
  /** Soonest first, those that are off at the end. */
  list(): Promise<readonly ScheduledJobState[]>;
  /** Runs it before those that wait; resolves when it has ended. Written down with who asked. */
  runNow(name: string, by: Actor): Promise<AskedRun>;
  /** Off or on; false when that is for the settings alone, or there is no such job. */
  turn(name: string, isOn: boolean, by: Actor): Promise<boolean>;
}

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

export interface JobFinding {
  /** A repository, a credential. */
  readonly subject: string;
  /** A sentence; undefined when nothing is amiss. */
  readonly text: string | undefined;
  /** Told when the text is another one than last time; where nothing is amiss, when something was. */
  readonly notice: MonitoringNotice | undefined;
}

/** What scheduled jobs found last time, so that only what changed is told. */
export interface JobFindings {
  /** Keeps these and announces the changed ones, in one transaction; how many. Other subjects stay as they were. */
  settle(job: string, found: readonly JobFinding[]): Promise<number>;
}
