/**
 * The place of a job in its repository's queue once it gave way to others, how often it did, and what an open package
 * failed of.
 */
export const turns = `
alter table jobs add column turn integer;
alter table jobs add column gave_way integer not null default 0;
alter table open_packages add column reason text;
`;
