/** One day (UTC) of publishing. */
export interface DayStatistics {
  /** YYYY-MM-DD. */
  readonly day: string;
  /** Jobs that ended that day, and how many of them failed in part or as a whole. */
  readonly jobs: number;
  readonly failedJobs: number;
  /** Versions, not jobs. */
  readonly published: number;
  readonly failed: number;
  /** Of the jobs that published, from acceptance to the end; undefined when there is none. */
  readonly medianMs: number | undefined;
  readonly slowestMs: number | undefined;
}
