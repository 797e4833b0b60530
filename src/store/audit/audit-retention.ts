import { sql } from 'kysely';
import type { ArchivePlan, AuditRetention, NumberedEntry } from '../../ports/audit.ts';
import { type Db, fromJson, type StoreContext } from '../engine/context.ts';
import { trimJobs, trimMessages } from '../engine/trim.ts';

/** Rows per batch; a batch blocks the process’s only thread for a few milliseconds. */
const rowsPerBatch = 1_000;

export function buildAuditRetention({ db }: StoreContext): AuditRetention {
  const inTransaction = async <T>(work: (trx: Db) => Promise<T>): Promise<T> =>
    db.transaction().execute(work);
  return {
    plan: async (before) => inTransaction(async (trx) => plan(trx, before)),
    streamPlanned: (planned) => streamPlanned(db, planned),
    release: async ({ before, through }) => {
      await db
        .updateTable('audit_retention')
        .set({
          deletable_before: before,
          deletable_through: through,
          planned_before: null,
          planned_through: null,
        })
        .execute();
    },
    deleteSome: async () => inTransaction(deleteSome),
    trimSome: async (before) =>
      inTransaction(async (trx) => (await trimJobs(trx, before)) || trimMessages(trx, before)),
  };
}

async function plan(db: Db, before: number): Promise<ArchivePlan | undefined> {
  const known = await readState(db);
  if (known.planned_before !== null && known.planned_through !== null)
    return measure(db, known.planned_before, known.planned_through);
  // Archives are named after `before`, so no two may share it. A `before` earlier than the last one is fine: the clock
  // may have been ahead then.
  if (before === known.deletable_before) return undefined;
  const newest = await db
    .selectFrom('audit')
    .select((eb) => eb.fn.max('id').as('id'))
    .where('at', '<', before)
    .executeTakeFirst();
  if (newest === undefined || newest.id === null) return undefined;
  await db
    .updateTable('audit_retention')
    .set({ planned_before: before, planned_through: newest.id })
    .execute();
  return measure(db, before, newest.id);
}

async function measure(db: Db, before: number, through: number): Promise<ArchivePlan> {
  const { from, rows } = await db
    .selectFrom('audit')
    .select((eb) => [eb.fn.min('at').as('from'), eb.fn.countAll<number>().as('rows')])
    .where('at', '<', before)
    .where('id', '<=', through)
    .executeTakeFirstOrThrow();
  return { from: from ?? before, before, through, rows };
}

async function* streamPlanned(db: Db, { before, through }: ArchivePlan): AsyncGenerator<NumberedEntry> {
  let after = 0;
  for (;;) {
    const rows = await db
      .selectFrom('audit')
      .selectAll()
      .where('id', '>', after)
      .where('id', '<=', through)
      .where(sql<boolean>`+at < ${before}`)
      .orderBy('id')
      .limit(rowsPerBatch)
      .execute();
    for (const row of rows) yield { ...row, facts: fromJson(row.facts) };
    after = rows.at(-1)?.id ?? 0;
    if (rows.length < rowsPerBatch) return;
  }
}

/**
 * Deletes one batch of archived rows and returns their number; a trigger of the table refuses to delete any others.
 */
async function deleteSome(db: Db): Promise<number> {
  const { deletable_before: before, deletable_through: through } = await readState(db);
  const done = await db
    .deleteFrom('audit')
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('audit')
        .select('id')
        .where('at', '<', before)
        .where('id', '<=', through)
        .limit(rowsPerBatch),
    )
    .executeTakeFirst();
  return Number(done.numDeletedRows);
}

async function readState(db: Db) {
  return db.selectFrom('audit_retention').selectAll().executeTakeFirstOrThrow();
}
