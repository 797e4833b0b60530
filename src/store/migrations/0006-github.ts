/** Webhooks wait for their turn; branches are remembered as they were seen; pull requests that register. */
export const github = `
alter table inbox add column tries integer not null default 0;
alter table inbox add column not_before integer not null default 0;
alter table inbox add column subject text not null default '';
alter table inbox add column outcome text;
create index inbox_waiting on inbox (id) where handled_at is null;

alter table repositories add column github_owner_id integer;

create table seen_heads (
  repository_id integer not null references repositories(id),
  branch text not null,
  commit_sha text not null,
  seen_at integer not null,
  primary key (repository_id, branch)
) strict, without rowid;

create table registrations (
  repository_id integer primary key references repositories(id),
  pull_request integer not null,
  url text not null,
  kind text not null check (kind in ('add','remove')),
  state text not null check (state in ('open','merged','closed')),
  requested_by text not null,
  opened_at integer not null
) strict;

create table used_tokens (
  token_id text primary key,
  dispatch_key text not null,
  expires_at integer not null
) strict, without rowid;
`;
