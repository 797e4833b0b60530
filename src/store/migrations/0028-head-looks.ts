/** Looks at heads that are going on, and how many processes died during one. */
export const headLooks = `
create table head_looks (
  repository_id integer not null references repositories (id),
  commit_sha text not null,
  place text not null,
  kind text not null,
  running integer not null default 0,
  crashes integer not null default 0,
  since integer not null,
  primary key (repository_id, commit_sha, place, kind)
) strict, without rowid;
`;
