/** Where the branches that we write to ended when we last wrote, and the commit that a registration is to be merged at. */
export const ownBranches = `
create table own_branches (
  repository_id integer not null references repositories(id),
  branch text not null,
  base_sha text,
  commit_sha text,
  foreign_sha text,
  primary key (repository_id, branch)
) strict, without rowid;
alter table registrations add column merge_sha text;
`;
