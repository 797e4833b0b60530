import { sql } from 'kysely';
import { outagePrefix } from '../../domain/announcement/announcement-keys.ts';
import type { Db } from './context.ts';

const jobsPerBatch = 200;
const rowsPerBatch = 1_000;

/**
 * Deletes working rows of jobs that finished before `before`: times of stages and attempts, which are shown only in
 * the details of a job, and unchanged packages, which say nothing. Everything else about a job stays for ever. Returns
 * how many jobs it trimmed.
 */
export async function trimJobs(db: Db, before: number): Promise<number> {
  const { trimmed_job: after } = await db
    .selectFrom('audit_retention')
    .select('trimmed_job')
    .executeTakeFirstOrThrow();
  const next = await db
    .selectFrom('jobs')
    .select(['number', 'finished_at'])
    .where('number', '>', after)
    .orderBy('number')
    .limit(jobsPerBatch)
    .execute();
  const young = next.findIndex(({ finished_at: at }) => at === null || at >= before);
  const old = (young < 0 ? next : next.slice(0, young)).map(({ number }) => number);
  const last = old.at(-1);
  if (last === undefined) return 0;
  await db.deleteFrom('stage_log').where('job', 'in', old).execute();
  await db.deleteFrom('attempts').where('job', 'in', old).execute();
  await db.deleteFrom('package_states').where('job', 'in', old).where('state', '=', 'unchanged').execute();
  await db.updateTable('audit_retention').set({ trimmed_job: last }).execute();
  return old.length;
}

/**
 * Deletes messages from before `before`: sent announcements (but those of outages, because the newest one says whether
 * an outage is open), handled webhooks (GitHub does not resend them after so long), messages that are no longer
 * edited, and proposals that can no longer be confirmed. Also deletes cached packuments of names that are at no head
 * any more; a name that comes back costs one full answer. Returns how many rows it deleted.
 */
export async function trimMessages(db: Db, before: number): Promise<number> {
  const statements = [
    sql`delete from outbox where sent_at < ${before} and key not like ${sql.lit(`${outagePrefix}%`)} and id in (${oldest('outbox')})`,
    sql`delete from inbox where handled_at < ${before} and id in (${oldest('inbox')})`,
    sql`delete from proposals where created_at < ${before} and id in (${oldest('proposals')})`,
    sql`delete from thread_messages where key in (
      select key from thread_messages where posted_at < ${before} limit ${rowsPerBatch})`,
    sql`delete from packument_cache where (registry, name) in (
      select registry, name from packument_cache cached
      where not exists (select 1 from head_packages where name = cached.name)
        and not exists (select 1 from package_cache where name = cached.name)
        and not exists (select 1 from name_owners where name = cached.name)
      limit ${rowsPerBatch})`,
  ];
  let trimmed = 0;
  for (const statement of statements) {
    const { numAffectedRows } = await statement.execute(db);
    trimmed += Number(numAffectedRows ?? 0);
  }
  return trimmed;
}

/**
 * Selects the oldest rows. Rows are in order of time and few old ones stay, so these show whether there is anything to
 * delete.
 */
function oldest(table: 'outbox' | 'inbox' | 'proposals') {
  return sql`select id from ${sql.table(table)} order by id limit ${rowsPerBatch}`;
}
