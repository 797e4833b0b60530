/** What operators let through in spite of a finding. */
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
}
