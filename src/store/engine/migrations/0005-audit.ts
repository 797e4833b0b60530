/**
 * The append-only audit trail. Rows before `deletable_before` with an id up to `deletable_through` are archived; a
 * plan is an archive that was begun; the working rows of jobs up to `trimmed_job` are deleted.
 */
export const audit = `
create table audit (
  id integer primary key autoincrement,
  at integer not null,
  action text not null,
  actor text not null,
  subject text not null,
  facts text not null
) strict;
create index audit_by_time on audit (at);
create trigger audit_is_not_rewritten before update on audit
begin select raise(abort, 'the audit trail is append-only'); end;
create trigger audit_is_kept before delete on audit
when old.at >= (select deletable_before from audit_retention)
begin select raise(abort, 'the audit trail is append-only'); end;
create index audit_of_subject on audit (subject);

create table audit_retention (
  deletable_before integer not null,
  deletable_through integer not null default 0,
  planned_before integer,
  planned_through integer,
  trimmed_job integer not null default 0
) strict;
insert into audit_retention (deletable_before) values (0);
`;
