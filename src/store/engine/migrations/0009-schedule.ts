/** Scheduled jobs, their runs, and their findings. */
export const schedule = `
create table scheduled_jobs (
  name text primary key,
  schedule text not null,
  known_since integer not null,
  failing_since integer,
  is_turned_on integer
) strict, without rowid;

create table scheduled_runs (
  id integer primary key autoincrement,
  name text not null,
  cause text not null check (cause in ('due','late','asked')),
  asked_by text,
  due_at integer not null,
  started_at integer not null,
  ended_at integer,
  outcome text check (outcome in ('done','failed','interrupted')),
  counts text not null,
  note text
) strict;
create index scheduled_runs_of_job on scheduled_runs (name, id);

create table findings (
  job text not null,
  subject text not null,
  text text not null,
  since integer not null,
  primary key (job, subject)
) strict, without rowid;
`;
