/** Judged commits, versions that wait for others, and commits whose reading crashed a process. */
export const judgements = `
create table judged_commits (
  id integer primary key,
  repository_id integer not null references repositories(id),
  branch text not null,
  commit_sha text not null,
  judged_at integer not null,
  unique (repository_id, branch, commit_sha)
) strict;

create table holds (
  id integer primary key,
  registry text not null,
  repository_id integer not null references repositories(id),
  name text not null,
  version text not null,
  path text not null,
  branch text not null,
  dispatch_id text not null references dispatches(id),
  job integer not null references jobs(number),
  told_in integer not null references jobs(number),
  state text not null,
  outcome text,
  detail text,
  settled_by integer,
  since integer not null,
  settled_at integer,
  unique (registry, repository_id, name, version)
) strict;
create index holds_by_state on holds (state, registry);
create index holds_by_job on holds (job);
create index holds_by_message on holds (told_in);

create table awaited_versions (
  hold integer not null references holds(id) on delete cascade,
  name text not null,
  version text not null,
  looked_at integer not null default 0,
  primary key (hold, name, version)
) strict, without rowid;
create index awaited_versions_by_name on awaited_versions (name, version);

create table head_looks (
  repository_id integer not null references repositories(id),
  commit_sha text not null,
  place text not null,
  kind text not null,
  running integer not null default 0,
  crashes integer not null default 0,
  since integer not null,
  primary key (repository_id, commit_sha, place, kind)
) strict, without rowid;
`;
