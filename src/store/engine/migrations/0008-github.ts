/** Webhooks of GitHub, branches as last seen, branches that we made, and requested checks. */
export const github = `
create table inbox (
  id integer primary key autoincrement,
  source text not null,
  delivery text not null,
  event text not null,
  body text not null,
  received_at integer not null,
  handled_at integer,
  failure text,
  tries integer not null default 0,
  not_before integer not null default 0,
  subject text not null default '',
  outcome text,
  unique (source, delivery)
) strict;
create index inbox_waiting on inbox (id) where handled_at is null;

create table seen_heads (
  repository_id integer not null references repositories(id),
  branch text not null,
  commit_sha text not null,
  seen_at integer not null,
  primary key (repository_id, branch)
) strict, without rowid;

create table used_tokens (
  token_id text primary key,
  dispatch_key text not null,
  expires_at integer not null
) strict, without rowid;

create table own_branches (
  repository_id integer not null references repositories(id),
  branch text not null,
  base_sha text,
  commit_sha text,
  foreign_sha text,
  primary key (repository_id, branch)
) strict, without rowid;

create table check_requests (
  id integer primary key,
  repository_id integer not null references repositories(id),
  commit_sha text not null,
  branch text not null,
  is_default integer not null,
  pull_request integer,
  state text not null check (state in ('waiting','shown','not-permitted','given-up')),
  tries integer not null default 0,
  not_before integer not null default 0,
  requested_at integer not null,
  settled_at integer,
  unique (repository_id, commit_sha)
) strict;
create index check_requests_waiting on check_requests (not_before) where state = 'waiting';
create index check_requests_settled on check_requests (settled_at) where settled_at is not null;
`;
