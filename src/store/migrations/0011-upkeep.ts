/** What the daily check compares with, what was told once, which failures need nobody, and where messages go. */
export const upkeep = `
create table checked_names (
  registry text not null,
  name text not null,
  latest text,
  repository text,
  at_head integer,
  primary key (registry, name)
) strict, without rowid;

create table daily_checks (
  registry text primary key,
  result text not null
) strict, without rowid;

create table told_news (
  teller text not null,
  key text not null,
  print text not null,
  told_at integer not null,
  primary key (teller, key)
) strict, without rowid;

create table dismissed_failures (
  job integer primary key references jobs(number),
  dismissed_by text not null,
  dismissed_at integer not null
) strict;

alter table outbox add column lane text not null default 'outcomes';
drop index outbox_unsent;
create index outbox_unsent on outbox (lane, id) where sent_at is null;
create index jobs_by_end on jobs (finished_at) where finished_at is not null;
`;
