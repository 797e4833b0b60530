import type { MonitoringNotice } from '../domain/announcement.ts';

export interface Finding {
  /** A repository, a credential. */
  readonly subject: string;
  /** A sentence; undefined when nothing is amiss. */
  readonly text: string | undefined;
  /** Told when the text is another one than last time; where nothing is amiss, when something was. */
  readonly notice: MonitoringNotice | undefined;
}

/** What scheduled jobs found last time, so that only what changed is told. */
export interface Findings {
  /** Keeps these and announces the changed ones, in one transaction; how many. Other subjects stay as they were. */
  settle(job: string, found: readonly Finding[]): Promise<number>;
}
