/** Registered repositories, owners of names, registration pull requests, and proposals that await confirmation. */
export const repositories = `
create table repositories (
  id integer primary key,
  slug text not null collate nocase unique,
  github_id integer unique,
  status text not null check (status in ('pending','active','disabled')),
  mode text not null check (mode in ('live','shadow')),
  branches text not null,
  scopes text not null,
  created_at integer not null,
  updated_at integer not null,
  removed_at integer,
  github_owner_id integer,
  rules text not null default '{}',
  fixes text not null default 'off'
) strict;

create table name_owners (
  registry text not null,
  name text not null,
  repository_id integer not null references repositories(id),
  how text not null,
  since integer not null,
  primary key (registry, name)
) strict, without rowid;

create table registrations (
  repository_id integer primary key references repositories(id),
  pull_request integer not null,
  url text not null,
  kind text not null check (kind in ('add','remove')),
  state text not null check (state in ('open','merged','closed')),
  requested_by text not null,
  opened_at integer not null,
  merge_sha text
) strict;

create table proposals (
  id integer primary key autoincrement,
  kind text not null,
  actor text not null,
  payload text not null,
  created_at integer not null,
  taken_by text,
  note text
) strict;
`;
