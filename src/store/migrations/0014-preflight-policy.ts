/** What operators make of preflight: levels of rules per repository, versions let through, secrets that are none. */
export const preflightPolicy = `
alter table repositories add column rules text not null default '{}';

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
`;
