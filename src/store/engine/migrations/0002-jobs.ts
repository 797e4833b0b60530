/**
 * Dispatches, their jobs and attempts, the result of each package, and uploads that may still land on the registry.
 */
export const jobs = `
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
  finished_at integer,
  everything integer not null default 0,
  only_paths text,
  turn integer,
  gave_way integer not null default 0
) strict;
create index jobs_of_dispatch on jobs (dispatch_id, number);
create index jobs_alive on jobs (status, repository_id, number) where status in ('queued','running');
create index jobs_of_repository on jobs (repository_id, number);
create index jobs_by_status on jobs (status, finished_at);
create index jobs_that_published on jobs (finished_at / 86400000, finished_at - created_at)
where status in ('published','partially-failed');
create index jobs_by_end on jobs (finished_at) where finished_at is not null;

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
create index package_states_names on package_states (name, job);
create index package_states_of_path on package_states (path, job);

create table open_packages (
  repository_id integer not null references repositories(id),
  branch text not null,
  path text not null,
  name text not null,
  state text not null,
  commit_sha text not null,
  reason text,
  primary key (repository_id, branch, path)
) strict, without rowid;

create table dismissed_failures (
  job integer primary key references jobs(number),
  dismissed_by text not null,
  dismissed_at integer not null
) strict;

create table daily_statistics (
  day text primary key,
  jobs integer not null,
  failed_jobs integer not null,
  published integer not null,
  failed integer not null,
  median_ms integer,
  slowest_ms integer
) strict, without rowid;
`;
