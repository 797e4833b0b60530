/** What stands at the heads of the repositories, what the registry says of the names, and what waits for a yes. */
export const catalog = `
alter table repositories add column removed_at integer;

create table repository_heads (
  repository_id integer primary key references repositories(id),
  branch text,
  commit_sha text,
  checked_at integer not null,
  last_error text
) strict;

create table head_packages (
  repository_id integer not null references repositories(id),
  path text not null,
  name text not null,
  version text,
  manifest_oid text not null,
  exclusion text,
  seen_at integer not null,
  primary key (repository_id, path)
) strict, without rowid;
create index head_packages_names on head_packages (name, exclusion, repository_id);

create table registry_names (
  registry text not null,
  name text not null,
  state text not null check (state in ('present','absent','unknown')),
  latest text,
  highest text,
  highest_stable text,
  dist_tags text not null,
  versions text not null,
  repository_url text,
  checked_at integer,
  last_error text,
  primary key (registry, name)
) strict, without rowid;

create table proposals (
  id integer primary key autoincrement,
  kind text not null,
  actor text not null,
  payload text not null,
  created_at integer not null,
  taken_by text,
  note text
) strict;

create index package_states_names on package_states (name, job);
create index jobs_of_repository on jobs (repository_id, number);
`;
