import { byPublisher } from '../../domain/job/actor.ts';
import { proposalLifetimeMs } from '../../domain/job/proposal.ts';
import type { Proposals } from '../../ports/repositories.ts';
import { insertAudit } from '../audit/audit-rows.ts';
import { type Db, fromJson, type StoreContext, toJson } from '../engine/context.ts';

export function buildProposals(context: StoreContext): Proposals {
  const { db, clock } = context;
  const inTransaction = async <T>(work: (trx: Db) => Promise<T>): Promise<T> =>
    db.transaction().execute(work);
  return {
    add: async (kind, by, payload) =>
      inTransaction(async (trx) => {
        const row = { kind, actor: context.redact(by), payload: toJson(context, payload) };
        const { id } = await trx
          .insertInto('proposals')
          .values({ ...row, created_at: clock.now(), taken_by: null, note: null })
          .returning('id')
          .executeTakeFirstOrThrow();
        await auditProposal(context, trx, 'proposal-made', { id, actor: by, facts: { kind } });
        return id;
      }),
    take: async (id, by) => inTransaction(async (trx) => take(context, trx, id, by)),
    close: async (id, note) =>
      inTransaction(async (trx) => {
        const row = await trx
          .updateTable('proposals')
          .set({ note: context.redact(note) })
          .where('id', '=', id)
          .returning('taken_by')
          .executeTakeFirst();
        const actor = row?.taken_by ?? byPublisher;
        await auditProposal(context, trx, 'proposal-closed', { id, actor, facts: { note } });
      }),
    find: async (id) => {
      const row = await db
        .selectFrom('proposals')
        .select(['kind', 'payload', 'actor'])
        .where('id', '=', id)
        .where('created_at', '>', clock.now() - proposalLifetimeMs)
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

interface Audited {
  readonly id: number;
  readonly actor: string;
  readonly facts: object;
}

async function auditProposal(context: StoreContext, db: Db, action: string, about: Audited): Promise<void> {
  const { id, actor, facts } = about;
  await insertAudit(context, db, { action, actor, subject: `proposal ${id}`, facts });
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
    .where('created_at', '>', context.clock.now() - proposalLifetimeMs)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (row.taken_by !== null) return { kind: 'used', by: row.taken_by, note: row.note ?? '' };
  await db
    .updateTable('proposals')
    .set({ taken_by: context.redact(by) })
    .where('id', '=', id)
    .execute();
  const facts = { kind: row.kind, askedBy: row.actor };
  await auditProposal(context, db, 'proposal-taken', { id, actor: by, facts });
  return { kind: 'taken', proposal: row.kind, payload: fromJson(row.payload) };
}
