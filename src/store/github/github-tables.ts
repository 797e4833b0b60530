import type { Generated } from 'kysely';

/** Tables of webhooks that GitHub sends and of questions that we ask it. */
export interface GitHubTables {
  inbox: {
    id: Generated<number>;
    source: string;
    delivery: string;
    event: string;
    body: string;
    received_at: number;
    handled_at: number | null;
    failure: string | null;
    tries: Generated<number>;
    not_before: Generated<number>;
    /** Deliveries with the same subject are handled in order. */
    subject: string;
    outcome: string | null;
  };
  seen_heads: { repository_id: number; branch: string; commit_sha: string; seen_at: number };
  head_looks: {
    repository_id: number;
    commit_sha: string;
    /** A branch name, or `#12` for a pull request. */
    place: string;
    /** push, catalog or check. */
    kind: string;
    /** Number of looks that this process began and has not finished. */
    running: Generated<number>;
    crashes: Generated<number>;
    since: number;
  };
  registrations: {
    repository_id: number;
    pull_request: number;
    url: string;
    kind: string;
    state: string;
    requested_by: string;
    opened_at: number;
    merge_sha: string | null;
  };
  own_branches: {
    repository_id: number;
    branch: string;
    base_sha: string | null;
    commit_sha: string | null;
    foreign_sha: string | null;
  };
  used_tokens: { token_id: string; dispatch_key: string; expires_at: number };
}
