/** Why it runs now: its time has come, its time passed while nothing ran, or a person asked. */
export type RunCause = 'due' | 'late' | 'asked';

/** `interrupted`: the process ended before it did. */
export type RunOutcome = 'done' | 'failed' | 'interrupted';

/** One run of a scheduled job. Times are epoch milliseconds. */
export interface ScheduledRun {
  readonly id: number;
  readonly name: string;
  readonly cause: RunCause;
  /** Who asked; undefined when the clock did. */
  readonly askedBy: string | undefined;
  readonly dueAt: number;
  readonly startedAt: number;
  /** Undefined while it runs. */
  readonly endedAt: number | undefined;
  readonly outcome: RunOutcome | undefined;
  /** What it did, in numbers. */
  readonly counts: Readonly<Record<string, number>>;
  /** What it says of itself, or why it failed; at most a sentence. */
  readonly note: string | undefined;
}

export interface RunEnding {
  readonly outcome: RunOutcome;
  readonly counts: Readonly<Record<string, number>>;
  readonly note: string | undefined;
}

/** What is known of a scheduled job before it runs again. */
export interface JobMemory {
  /** When it was first in the list with this schedule: nothing was missed before. */
  readonly knownSince: number;
  /** The last time that the clock ran it for; undefined when it never did. */
  readonly lastDueAt: number | undefined;
  readonly lastRun: ScheduledRun | undefined;
  /** Runs at the end of its history that the process did not live through. */
  readonly interruptedInARow: number;
  /** An operator turned it on or off; undefined when nobody did. */
  readonly isTurnedOn: boolean | undefined;
}

/** What earlier runs say before the next one; `runs` newest first. */
export function recallRuns(
  runs: readonly ScheduledRun[],
): Pick<JobMemory, 'interruptedInARow' | 'lastDueAt' | 'lastRun'> {
  const firstLived = runs.findIndex(({ outcome }) => outcome !== 'interrupted');
  return {
    lastDueAt: runs.find(({ cause }) => cause !== 'asked')?.dueAt,
    lastRun: runs[0],
    interruptedInARow: firstLived < 0 ? runs.length : firstLived,
  };
}
