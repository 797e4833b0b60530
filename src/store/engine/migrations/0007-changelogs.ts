/** Changelog entries, and those still owed to their repositories. */
export const changelogs = `
create table changelog_entries (
  id integer primary key,
  registry text not null,
  repository_id integer not null references repositories(id),
  job integer not null references jobs(number),
  name text not null,
  version text not null,
  path text not null,
  commit_sha text not null,
  branch text not null,
  day text not null,
  body text not null,
  moved text not null,
  worded_by text not null check (worded_by in ('commits','model')),
  cited text not null,
  created_at integer not null,
  fallback text,
  unique (registry, repository_id, commit_sha, path)
) strict;
create index changelog_entries_of_version on changelog_entries (registry, name, version);
create index changelog_entries_fallbacks on changelog_entries (created_at) where fallback is not null;

create table changelog_write_backs (
  entry integer primary key references changelog_entries(id),
  state text not null check (state in ('owed','in-pull-request','written','given-up')),
  tries integer not null default 0,
  not_before integer not null default 0,
  pull_request integer,
  detail text,
  created_at integer not null,
  settled_at integer
) strict;
create index changelog_write_backs_open on changelog_write_backs (not_before)
where state in ('owed','in-pull-request');
`;
