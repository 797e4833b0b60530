import type { Generated } from 'kysely';
import type { GitHubTables } from '../github/github-tables.ts';
import type { HoldTables } from '../judgements/hold-tables.ts';
import type { UpkeepTables } from '../memory/upkeep-tables.ts';
import type { GuidTables } from '../preflight/guid-tables.ts';
import type { PolicyTables } from '../preflight/policy-tables.ts';
import type { ScheduleTables } from '../schedule/schedule-tables.ts';
import type { ShadowTables } from '../shadow/shadow-tables.ts';

/** Times are epoch milliseconds; structured values are JSON text. */
export interface Schema
  extends GitHubTables,
    GuidTables,
    HoldTables,
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
    /** Levels by rule id. */
    rules: Generated<string>;
    fixes: Generated<string>;
    created_at: number;
    updated_at: number;
    /** Set while it is not registered any more; its row is kept for the history. */
    removed_at: number | null;
  };
  name_owners: { registry: string; name: string; repository_id: number; how: string; since: number };
  dispatches: {
    id: string;
    repository_id: number;
    commit_sha: string;
    package_path: string;
    branch: string | null;
    commit_message: string | null;
    commit_author: string | null;
    base: string | null;
    /** 1 once `base` was decided; null then means that everything counts. */
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
    /** finished, retry, visibility, parked, released or crashed; null while it runs. */
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
    /** Of its failure; null in rows of long ago. */
    reason: Generated<string | null>;
  };
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
  /** One row. */
  audit_retention: {
    deletable_before: number;
    deletable_through: number;
    planned_before: number | null;
    planned_through: number | null;
    trimmed_job: number;
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
  outbox: {
    id: Generated<number>;
    key: string;
    announcement: string;
    tries: Generated<number>;
    not_before: Generated<number>;
    created_at: number;
    sent_at: number | null;
    last_error: string | null;
    /** outcomes or reports; each is told in order. */
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
    /** A JSON list, as the registry gave them. */
    versions: string;
    repository_url: string | null;
    /** Of the last answer; null while there was none. */
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
    /** Why rules worded it although there is a model. */
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

export interface JobTable {
  number: Generated<number>;
  dispatch_id: string;
  repository_id: number;
  status: string;
  requested_by: string;
  allow_lower: number;
  everything: Generated<number>;
  /** A JSON list of folders; null for all that the dispatch asks for. */
  only_paths: Generated<string | null>;
  /** Attempts that count, the running one included. */
  attempts: Generated<number>;
  crashes: Generated<number>;
  not_before: Generated<number>;
  /** Its place among the waiting ones of its repository; null: its number. */
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
