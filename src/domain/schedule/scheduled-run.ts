/** Why a run happens: its time has come, its time passed while nothing ran, or a person asked. */
export type RunCause = 'due' | 'late' | 'asked';

/** `interrupted`: the process ended before the run did. */
export type RunOutcome = 'done' | 'failed' | 'interrupted';

/** One run of a scheduled job. Times are epoch milliseconds. */
export interface ScheduledRun {
  readonly id: number;
  readonly name: string;
  readonly cause: RunCause;
  /** Who asked for the run; undefined when the scheduler started it. */
  readonly askedBy: string | undefined;
  readonly dueAt: number;
  readonly startedAt: number;
  /** Undefined while it runs. */
  readonly endedAt: number | undefined;
  readonly outcome: RunOutcome | undefined;
  /** What the run did, in numbers. */
  readonly counts: Readonly<Record<string, number>>;
  /** What the run says of itself, or why it failed; at most a sentence. */
  readonly note: string | undefined;
}

export interface RunEnding {
  readonly outcome: RunOutcome;
  readonly counts: Readonly<Record<string, number>>;
  readonly note: string | undefined;
}

/** What is known of a scheduled job before it runs again. */
export interface JobMemory {
  /** When the job was first in the list with this schedule: nothing was missed before. */
  readonly knownSince: number;
  /** The last due time for which the scheduler ran it; undefined when it never did. */
  readonly lastDueAt: number | undefined;
  readonly lastRun: ScheduledRun | undefined;
  /** How many of the latest runs in a row the process did not live through. */
  readonly interruptedInARow: number;
  /** Whether an operator turned the job on or off; undefined when nobody did. */
  readonly isTurnedOn: boolean | undefined;
}

/** Returns what earlier runs say before the next one; `runs` are newest first. */
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
