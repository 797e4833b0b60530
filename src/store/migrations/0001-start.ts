/** The identities of the contract. `strict` tables refuse values of the wrong type. */
export const start = `
create table repositories (
  id integer primary key,
  slug text not null collate nocase unique,
  github_id integer unique,
  status text not null check (status in ('pending','active','disabled')),
  mode text not null check (mode in ('live','shadow')),
  branches text not null,
  scopes text not null,
  created_at integer not null,
  updated_at integer not null
) strict;

create table name_owners (
  registry text not null,
  name text not null,
  repository_id integer not null references repositories(id),
  how text not null,
  since integer not null,
  primary key (registry, name)
) strict, without rowid;

create table dispatches (
  id text primary key,
  repository_id integer not null references repositories(id),
  commit_sha text not null,
  package_path text not null,
  branch text,
  commit_message text,
  commit_author text,
  base text,
  base_fixed integer not null default 0,
  created_at integer not null,
  unique (repository_id, commit_sha, package_path)
) strict;

create table jobs (
  number integer primary key autoincrement,
  dispatch_id text not null references dispatches(id),
  repository_id integer not null references repositories(id),
  status text not null,
  requested_by text not null,
  allow_lower integer not null,
  attempts integer not null default 0,
  crashes integer not null default 0,
  not_before integer not null default 0,
  waiting_for text,
  waiting_kind text,
  waiting_detail text,
  parked_since integer,
  failure text,
  branch text,
  created_at integer not null,
  started_at integer,
  finished_at integer
) strict;
create index jobs_of_dispatch on jobs (dispatch_id, number);
create index jobs_alive on jobs (status, repository_id, number) where status in ('queued','running');

create table attempts (
  id integer primary key,
  job integer not null references jobs(number),
  number integer not null,
  started_at integer not null,
  ended_at integer,
  ended_as text
) strict;
create index attempts_of_job on attempts (job);

create table stage_log (
  id integer primary key,
  job integer not null references jobs(number),
  attempt integer not null,
  stage text not null,
  package text,
  started_at integer not null,
  ended_at integer
) strict;
create index stages_of_job on stage_log (job);

create table package_states (
  job integer not null references jobs(number),
  path text not null,
  name text not null,
  state text not null,
  result text not null,
  primary key (job, path)
) strict, without rowid;

create table open_packages (
  repository_id integer not null references repositories(id),
  branch text not null,
  path text not null,
  name text not null,
  state text not null,
  commit_sha text not null,
  primary key (repository_id, branch, path)
) strict, without rowid;

create table intents (
  id integer primary key,
  registry text not null,
  name text not null,
  version text not null,
  job integer not null references jobs(number),
  commit_sha text not null,
  path text not null,
  dist_tag text not null,
  file text not null,
  bytes integer not null,
  integrity text not null,
  shasum text not null,
  state text not null check (state in ('recorded','sent','accepted','refused','stored')),
  may_land_until integer,
  created_at integer not null
) strict;
create index intents_of_version on intents (registry, name, version);

create table judged_commits (
  id integer primary key,
  repository_id integer not null references repositories(id),
  branch text not null,
  commit_sha text not null,
  judged_at integer not null,
  unique (repository_id, branch, commit_sha)
) strict;

create table package_cache (
  repository_id integer not null references repositories(id),
  path text not null,
  name text not null,
  version text,
  seen_at integer not null,
  primary key (repository_id, path)
) strict, without rowid;
create index package_cache_names on package_cache (name);

create table packument_cache (
  registry text not null,
  name text not null,
  etag text not null,
  packument text not null,
  primary key (registry, name)
) strict, without rowid;

create table audit (
  id integer primary key autoincrement,
  at integer not null,
  action text not null,
  actor text not null,
  subject text not null,
  facts text not null
) strict;
create index audit_by_time on audit (at);
create table audit_retention (deletable_before integer not null) strict;
insert into audit_retention values (0);
create trigger audit_is_not_rewritten before update on audit
begin select raise(abort, 'the audit trail is append-only'); end;
create trigger audit_is_kept before delete on audit
when old.at >= (select deletable_before from audit_retention)
begin select raise(abort, 'the audit trail is append-only'); end;

create table outbox (
  id integer primary key autoincrement,
  key text not null unique,
  announcement text not null,
  tries integer not null default 0,
  not_before integer not null default 0,
  created_at integer not null,
  sent_at integer,
  last_error text
) strict;
create index outbox_unsent on outbox (id) where sent_at is null;

create table inbox (
  id integer primary key autoincrement,
  source text not null,
  delivery text not null,
  event text not null,
  body text not null,
  received_at integer not null,
  handled_at integer,
  failure text,
  unique (source, delivery)
) strict;

create table scheduled_runs (
  name text primary key,
  started_at integer not null,
  ended_at integer,
  outcome text
) strict, without rowid;
`;
