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
    /** The job that judged it last, or is about to. */
    job: number;
    /** The job whose message mentions this hold. */
    told_in: number;
    /** waiting, released or settled. */
    state: string;
    /** published, present, superseded, failed or cancelled; null until the hold is settled. */
    outcome: string | null;
    detail: string | null;
    /** The job that settled it. */
    settled_by: number | null;
    since: number;
    settled_at: number | null;
  };
  awaited_versions: { hold: number; name: string; version: string; looked_at: Generated<number> };
}
