import type { Generated } from 'kysely';

/** Tables of dispatches, jobs, their attempts, and the result of each package. */
export interface JobTables {
  dispatches: {
    id: string;
    repository_id: number;
    commit_sha: string;
    package_path: string;
    branch: string | null;
    commit_message: string | null;
    commit_author: string | null;
    base: string | null;
    /** 1 once `base` was decided; a null base then means that every package counts as changed. */
    base_fixed: Generated<number>;
    created_at: number;
  };
  jobs: JobTable;
  attempts: {
    id: Generated<number>;
    job: number;
    number: number;
    started_at: number;
    ended_at: number | null;
    /** finished, retry, visibility, parked, released or crashed; null while the attempt runs. */
    ended_as: string | null;
  };
  stage_log: {
    id: number;
    job: number;
    attempt: number;
    stage: string;
    package: string | null;
    started_at: number;
    ended_at: number | null;
  };
  package_states: { job: number; path: string; name: string; state: string; result: string };
  open_packages: {
    repository_id: number;
    branch: string;
    path: string;
    name: string;
    state: string;
    commit_sha: string;
    /** Reason of the package’s failure; null in rows of early versions. */
    reason: Generated<string | null>;
  };
  daily_statistics: {
    /** YYYY-MM-DD, UTC. */
    day: string;
    jobs: number;
    failed_jobs: number;
    published: number;
    failed: number;
    median_ms: number | null;
    slowest_ms: number | null;
  };
}

export interface JobTable {
  number: Generated<number>;
  dispatch_id: string;
  repository_id: number;
  status: string;
  requested_by: string;
  allow_lower: number;
  everything: Generated<number>;
  /** A JSON list of package folders; null for everything that the dispatch asks for. */
  only_paths: Generated<string | null>;
  /** Attempts that count, the running one included. */
  attempts: Generated<number>;
  crashes: Generated<number>;
  not_before: Generated<number>;
  /** Place among the waiting jobs of its repository; null means its number. */
  turn: Generated<number | null>;
  gave_way: Generated<number>;
  waiting_for: string | null;
  waiting_kind: string | null;
  waiting_detail: string | null;
  parked_since: number | null;
  failure: string | null;
  branch: string | null;
  created_at: number;
  started_at: number | null;
  finished_at: number | null;
}
