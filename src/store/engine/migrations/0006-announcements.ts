/** Pending announcements, their messages in the thread, and news that was announced once. */
export const announcements = `
create table outbox (
  id integer primary key autoincrement,
  key text not null unique,
  announcement text not null,
  tries integer not null default 0,
  not_before integer not null default 0,
  created_at integer not null,
  sent_at integer,
  last_error text,
  lane text not null default 'outcomes'
) strict;
create index outbox_unsent on outbox (lane, id) where sent_at is null;

create table thread_messages (
  key text primary key,
  nonce text not null,
  message_id text,
  posted_at integer not null
) strict, without rowid;

create table told_news (
  teller text not null,
  key text not null,
  print text not null,
  told_at integer not null,
  primary key (teller, key)
) strict, without rowid;
`;
