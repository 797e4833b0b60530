/** Exceptions by operators, proposed fixes, and the GUIDs and assemblies of each package. */
export const preflight = `
create table publish_overrides (
  registry text not null,
  name text not null,
  version text not null,
  commit_sha text not null,
  actor text not null,
  reason text not null,
  findings integer not null,
  at integer not null,
  primary key (registry, name, version, commit_sha)
) strict, without rowid;

create table allowed_secrets (
  registry text not null,
  repository_id integer not null references repositories(id),
  name text not null,
  fingerprint text not null,
  actor text not null,
  reason text not null,
  at integer not null,
  primary key (registry, repository_id, name, fingerprint)
) strict, without rowid;

create table fingerprint_key (
  id integer primary key check (id = 1),
  secret text not null
) strict;
insert into fingerprint_key (id, secret) values (1, lower(hex(randomblob(32))));

create table fix_proposals (
  repository_id integer not null references repositories(id),
  name text not null,
  commit_sha text not null,
  pull_request integer not null,
  url text not null,
  requested_by text not null,
  opened_at integer not null,
  primary key (repository_id, name, commit_sha)
) strict, without rowid;

create table indexed_versions (
  registry text not null,
  name text not null,
  version text not null,
  fields text not null,
  findings text not null,
  rules text not null,
  problem text,
  indexed_at integer not null,
  primary key (registry, name, version)
) strict, without rowid;

create table guids (
  registry text not null,
  guid text not null,
  name text not null,
  path text not null,
  first_version text not null,
  last_version text not null,
  primary key (registry, guid, name)
) strict, without rowid;
create index guids_of_package on guids (registry, name);

create table assembly_names (
  registry text not null,
  folded text not null,
  name text not null,
  assembly text not null,
  path text not null,
  version text not null,
  primary key (registry, folded, name)
) strict, without rowid;
create index assembly_names_of_package on assembly_names (registry, name);
`;
