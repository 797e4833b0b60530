/** Pull requests that repair what preflight found, one of a package and commit. */
export const fixProposals = `
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
`;
