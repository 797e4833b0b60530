import type { Actor } from '../domain/actor.ts';
import type { ScheduledRun } from '../domain/scheduled-run.ts';

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
