/** One day (UTC) of publishing. */
export interface DayStatistics {
  /** YYYY-MM-DD. */
  readonly day: string;
  /** Jobs that ended that day, and how many of them failed in part or as a whole. */
  readonly jobs: number;
  readonly failedJobs: number;
  /** Numbers of versions, not of jobs. */
  readonly published: number;
  readonly failed: number;
  /** From acceptance to the end, over the jobs that published; undefined when there is none. */
  readonly medianMs: number | undefined;
  readonly slowestMs: number | undefined;
}
