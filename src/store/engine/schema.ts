import type { Generated } from 'kysely';
import type { GitHubTables } from '../github/github-tables.ts';
import type { JobTables } from '../jobs/job-tables.ts';
import type { HoldTables } from '../judgements/hold-tables.ts';
import type { UpkeepTables } from '../memory/upkeep-tables.ts';
import type { GuidTables } from '../preflight/guid-tables.ts';
import type { PolicyTables } from '../preflight/policy-tables.ts';
import type { ScheduleTables } from '../schedule/schedule-tables.ts';
import type { ShadowTables } from '../shadow/shadow-tables.ts';

/** The tables of the database. Times are epoch milliseconds; structured values are JSON text. */
export interface Schema
  extends GitHubTables,
    GuidTables,
    HoldTables,
    JobTables,
    PolicyTables,
    ScheduleTables,
    ShadowTables,
    UpkeepTables {
  repositories: {
    id: Generated<number>;
    slug: string;
    github_id: number | null;
    github_owner_id: Generated<number | null>;
    status: string;
    mode: string;
    branches: string;
    scopes: string;
    /** Level by rule id, as JSON. */
    rules: Generated<string>;
    fixes: Generated<string>;
    created_at: number;
    updated_at: number;
    /** When it was removed; its row stays for the history. Null while it is registered. */
    removed_at: number | null;
  };
  name_owners: { registry: string; name: string; repository_id: number; how: string; since: number };
  intents: {
    id: Generated<number>;
    registry: string;
    name: string;
    version: string;
    job: number;
    commit_sha: string;
    path: string;
    dist_tag: string;
    file: string;
    bytes: number;
    integrity: string;
    shasum: string;
    state: string;
    may_land_until: number | null;
    created_at: number;
  };
  judged_commits: {
    id: Generated<number>;
    repository_id: number;
    branch: string;
    commit_sha: string;
    judged_at: number;
  };
  package_cache: {
    repository_id: number;
    path: string;
    name: string;
    version: string | null;
    manifest_oid: string | null;
    seen_at: number;
  };
  packument_cache: { registry: string; name: string; etag: string; packument: string };
  audit: {
    id: Generated<number>;
    at: number;
    action: string;
    actor: string;
    subject: string;
    facts: string;
  };
  /** Has exactly one row. */
  audit_retention: {
    deletable_before: number;
    deletable_through: number;
    planned_before: number | null;
    planned_through: number | null;
    trimmed_job: number;
  };
  outbox: {
    id: Generated<number>;
    key: string;
    announcement: string;
    tries: Generated<number>;
    not_before: Generated<number>;
    created_at: number;
    sent_at: number | null;
    last_error: string | null;
    /** outcomes or reports; each lane is announced in order. */
    lane: Generated<string>;
  };
  repository_heads: {
    repository_id: number;
    branch: string | null;
    commit_sha: string | null;
    checked_at: number;
    last_error: string | null;
  };
  head_packages: {
    repository_id: number;
    path: string;
    name: string;
    version: string | null;
    manifest_oid: string;
    exclusion: string | null;
    seen_at: number;
  };
  registry_names: {
    registry: string;
    name: string;
    /** present, absent or unknown. */
    state: string;
    latest: string | null;
    highest: string | null;
    highest_stable: string | null;
    dist_tags: string;
    /** A JSON list of versions, in the registry’s order. */
    versions: string;
    repository_url: string | null;
    /** When the registry last answered; null before its first answer. */
    checked_at: number | null;
    last_error: string | null;
  };
  proposals: {
    id: Generated<number>;
    kind: string;
    actor: string;
    payload: string;
    created_at: number;
    taken_by: string | null;
    note: string | null;
  };
  changelog_entries: {
    id: Generated<number>;
    registry: string;
    repository_id: number;
    job: number;
    name: string;
    version: string;
    path: string;
    commit_sha: string;
    branch: string;
    /** YYYY-MM-DD. */
    day: string;
    body: string;
    moved: string;
    worded_by: string;
    /** Why rules worded the entry although a model is configured. */
    fallback: string | null;
    cited: string;
    created_at: number;
  };
  changelog_write_backs: {
    entry: number;
    /** owed, in-pull-request, written or given-up. */
    state: string;
    tries: Generated<number>;
    not_before: Generated<number>;
    pull_request: number | null;
    detail: string | null;
    created_at: number;
    settled_at: number | null;
  };
  refused_uploads: {
    registry: string;
    name: string;
    version: string;
    credentials: string;
    status: number;
    failure: string;
    refused_at: number;
  };
  thread_messages: { key: string; nonce: string; message_id: string | null; posted_at: number };
  bot_memory: { key: string; value: string };
  fingerprint_key: { id: number; secret: string };
}
