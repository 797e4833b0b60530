/** Packages at the heads of the repositories, the registry’s answers about their names, and our intents. */
export const catalog = `
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
create index intents_of_job on intents (job);

create table refused_uploads (
  registry text not null,
  name text not null,
  version text not null,
  credentials text not null,
  status integer not null,
  failure text not null,
  refused_at integer not null,
  primary key (registry, name, version)
) strict;

create table package_cache (
  repository_id integer not null references repositories(id),
  path text not null,
  name text not null,
  version text,
  seen_at integer not null,
  manifest_oid text,
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
`;
