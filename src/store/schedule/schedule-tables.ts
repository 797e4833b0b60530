import type { Generated } from 'kysely';

/** Of what the clock starts. */
export interface ScheduleTables {
  scheduled_runs: ScheduledRunTable;
  scheduled_jobs: {
    name: string;
    schedule: string;
    /** When it was first in the list with this schedule. */
    known_since: number;
    /** Of the first failure that no success followed. */
    failing_since: number | null;
    /** 1 or 0 once an operator turned it on or off. */
    is_turned_on: number | null;
  };
  /** What a scheduled job found last time. */
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
