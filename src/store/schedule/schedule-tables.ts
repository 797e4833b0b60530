import type { Generated } from 'kysely';

/** Tables of scheduled jobs. */
export interface ScheduleTables {
  scheduled_runs: ScheduledRunTable;
  scheduled_jobs: {
    name: string;
    schedule: string;
    /** When the job was first seen with this schedule. */
    known_since: number;
    /** When the first failure since the last success happened. */
    failing_since: number | null;
    /** 1 or 0 once an operator turned the job on or off; null before. */
    is_turned_on: number | null;
  };
  /** What the last run of a scheduled job found. */
  findings: { job: string; subject: string; text: string; since: number };
}

export interface ScheduledRunTable {
  id: Generated<number>;
  name: string;
  /** due, late or asked. */
  cause: string;
  asked_by: string | null;
  due_at: number;
  started_at: number;
  ended_at: number | null;
  /** done, failed or interrupted; null while it runs. */
  outcome: string | null;
  counts: string;
  note: string | null;
}
