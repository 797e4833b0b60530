/** Heads of branches and pull requests whose plan is to be shown on the git host, each once. */
export const commitChecks = `
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
