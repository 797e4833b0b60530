import type { Selectable } from 'kysely';
import { type GitHubEvent, subjectOf } from '../../domain/repository/github-event.ts';
import type { Inbox, NewDelivery, WaitingDelivery } from '../../ports/github.ts';
import { type Db, fromJson, type StoreContext, toJson } from '../engine/context.ts';
import type { Schema } from '../engine/schema.ts';

const source = 'github';

export function buildInbox(context: StoreContext): Inbox {
  const { db, clock } = context;
  return {
    receive: async (delivery) => db.transaction().execute(async (trx) => receive(context, trx, delivery)),
    listDue: async (limit) => listDue(db, limit, clock.now()),
    markHandled: async (id, outcome) => {
      const done = { handled_at: clock.now(), failure: null, outcome: context.redact(outcome), body: '' };
      await db.updateTable('inbox').set(done).where('id', '=', id).execute();
    },
    postpone: async (id, notBefore) => {
      await db
        .updateTable('inbox')
        .set((eb) => ({ tries: eb('tries', '+', 1), not_before: Math.round(notBefore) }))
        .where('id', '=', id)
        .execute();
    },
    markFailed: async (id, why) => {
      const done = { handled_at: clock.now(), failure: context.redact(why), body: '' };
      await db.updateTable('inbox').set(done).where('id', '=', id).execute();
    },
    findLastReceivedAt: async () => {
      const row = await db
        .selectFrom('inbox')
        .select((eb) => eb.fn.max('received_at').as('at'))
        .where('source', '=', source)
        .executeTakeFirst();
      return row?.at ?? undefined;
    },
  };
}

async function receive(context: StoreContext, db: Db, delivery: NewDelivery): Promise<'stored' | 'known'> {
  const known = await db
    .selectFrom('inbox')
    .select(['id', 'failure'])
    .where('source', '=', source)
    .where('delivery', '=', delivery.delivery)
    .executeTakeFirst();
  const waiting = {
    event: context.redact(delivery.name),
    body: toJson(context, delivery.event),
    subject: subjectOf(delivery.event),
    received_at: context.clock.now(),
    handled_at: null,
    failure: null,
    outcome: null,
    tries: 0,
    not_before: 0,
  };
  if (known === undefined) {
    await db
      .insertInto('inbox')
      .values({ source, delivery: delivery.delivery, ...waiting })
      .execute();
    return 'stored';
  }
  if (known.failure === null) return 'known';
  await db.updateTable('inbox').set(waiting).where('id', '=', known.id).execute();
  return 'stored';
}

async function listDue(db: Db, limit: number, now: number): Promise<readonly WaitingDelivery[]> {
  const rows = await db
    .selectFrom('inbox')
    .selectAll()
    .where('handled_at', 'is', null)
    .where('not_before', '<=', now)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('inbox as earlier')
            .select('earlier.id')
            .where('earlier.handled_at', 'is', null)
            .where('earlier.not_before', '>', now)
            .where('earlier.subject', '<>', '')
            .whereRef('earlier.subject', '=', 'inbox.subject')
            .whereRef('earlier.id', '<', 'inbox.id'),
        ),
      ),
    )
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(toDelivery);
}

function toDelivery(row: Selectable<Schema['inbox']>): WaitingDelivery {
  const { id, delivery, event: name, tries, received_at: receivedAt } = row;
  return { id, delivery, name, tries, receivedAt, event: fromJson<GitHubEvent>(row.body) };
}
