/** What the bot and the checks remember between two runs. */
export const memory = `
create table bot_memory (
  key text primary key,
  value text not null
) strict, without rowid;

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

create table credentials (
  name text primary key,
  refused_since integer,
  expires_at integer
) strict;
`;
