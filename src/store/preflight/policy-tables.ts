import type { Generated } from 'kysely';

/** Tables of exceptions that operators granted, fixes that are proposed, and heads whose plan is shown as a check. */
export interface PolicyTables {
  publish_overrides: {
    registry: string;
    name: string;
    version: string;
    commit_sha: string;
    actor: string;
    reason: string;
    findings: number;
    at: number;
  };
  allowed_secrets: {
    registry: string;
    repository_id: number;
    name: string;
    fingerprint: string;
    actor: string;
    reason: string;
    at: number;
  };
  fix_proposals: {
    repository_id: number;
    name: string;
    commit_sha: string;
    pull_request: number;
    url: string;
    requested_by: string;
    opened_at: number;
  };
  check_requests: {
    id: Generated<number>;
    repository_id: number;
    commit_sha: string;
    branch: string;
    is_default: number;
    pull_request: number | null;
    /** waiting, shown, not-permitted or given-up. */
    state: string;
    tries: Generated<number>;
    not_before: Generated<number>;
    requested_at: number;
    settled_at: number | null;
  };
}
