import type { Proposals } from '../ports/proposals.ts';
import { type Db, fromJson, type StoreContext, toJson } from './context.ts';

/** Nobody confirms what was asked the day before. */
const lifetimeMs = 24 * 3_600_000;

export function buildProposals(context: StoreContext): Proposals {
  const { db, clock } = context;
  return {
    add: async (kind, by, payload) => {
      const row = { kind, actor: context.redact(by), payload: toJson(context, payload) };
      const { id } = await db
        .insertInto('proposals')
        .values({ ...row, created_at: clock.now(), taken_by: null, note: null })
        .returning('id')
        .executeTakeFirstOrThrow();
      return id;
    },
    take: async (id, by) => db.transaction().execute(async (trx) => take(context, trx, id, by)),
    close: async (id, note) => {
      await db
        .updateTable('proposals')
        .set({ note: context.redact(note) })
        .where('id', '=', id)
        .execute();
    },
    find: async (id) => {
      const row = await db
        .selectFrom('proposals')
        .select(['kind', 'payload', 'actor'])
        .where('id', '=', id)
        .where('created_at', '>', clock.now() - lifetimeMs)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      return { proposal: row.kind, payload: fromJson(row.payload), by: row.actor };
    },
    update: async (id, payload) => {
      await db
        .updateTable('proposals')
        .set({ payload: toJson(context, payload) })
        .where('id', '=', id)
        .where('taken_by', 'is', null)
        .execute();
    },
  };
}

async function take(
  context: StoreContext,
  db: Db,
  id: number,
  by: string,
): Promise<Awaited<ReturnType<Proposals['take']>>> {
  const row = await db
    .selectFrom('proposals')
    .selectAll()
    .where('id', '=', id)
    .where('created_at', '>', context.clock.now() - lifetimeMs)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (row.taken_by !== null) return { kind: 'used', by: row.taken_by, note: row.note ?? '' };
  await db
    .updateTable('proposals')
    .set({ taken_by: context.redact(by) })
    .where('id', '=', id)
    .execute();
  return { kind: 'taken', proposal: row.kind, payload: fromJson(row.payload) };
}
