import type { Generated } from 'kysely';

export interface HoldTables {
  holds: {
    id: Generated<number>;
    registry: string;
    repository_id: number;
    name: string;
    version: string;
    path: string;
    branch: string;
    dispatch_id: string;
    /** That judged it last, or is going to. */
    job: number;
    /** Whose message tells of it. */
    told_in: number;
    /** waiting, released or settled. */
    state: string;
    /** published, present, superseded, failed or cancelled, once it is settled. */
    outcome: string | null;
    detail: string | null;
    /** The job in which it ended. */
    settled_by: number | null;
    since: number;
    settled_at: number | null;
  };
  awaited_versions: { hold: number; name: string; version: string; looked_at: Generated<number> };
}
