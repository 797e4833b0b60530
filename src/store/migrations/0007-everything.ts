/** A person may ask for all packages of a commit, whatever changed in it. */
export const everything = `
alter table jobs add column everything integer not null default 0;
`;
