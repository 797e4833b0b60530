/** What shadow mode would have published, and what the other publisher did. */
export const shadow = `
create table shadow_versions (
  id integer primary key,
  registry text not null,
  name text not null,
  version text not null,
  repository_id integer not null references repositories(id),
  commit_sha text not null,
  job integer not null references jobs(number),
  dist_tag text not null,
  integrity text not null,
  contents text not null,
  recorded_at integer not null,
  state text not null check (state in ('waiting','overdue','compared','ended')),
  finding text,
  settled_at integer,
  unique (registry, name, version)
) strict;
create index shadow_versions_of_repository on shadow_versions (repository_id, state);

create table shadow_names (
  registry text not null,
  name text not null,
  repository_id integer not null references repositories(id),
  versions text not null,
  since integer not null,
  primary key (registry, name)
) strict, without rowid;

create table shadow_unexpected (
  registry text not null,
  name text not null,
  version text not null,
  repository_id integer not null references repositories(id),
  seen_at integer not null,
  finding text,
  told_at integer,
  primary key (registry, name, version)
) strict, without rowid;
`;
