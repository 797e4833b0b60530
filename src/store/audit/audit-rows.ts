import { type Db, type StoreContext, toJson } from '../engine/context.ts';

export interface NewAudit {
  readonly action: string;
  readonly actor: string;
  readonly subject: string;
  readonly facts: unknown;
}

/** Adds an audit row inside the transaction of the change that it describes. */
export async function insertAudit(context: StoreContext, db: Db, entry: NewAudit): Promise<void> {
  await db
    .insertInto('audit')
    .values({
      at: context.clock.now(),
      action: entry.action,
      actor: context.redact(entry.actor),
      subject: context.redact(entry.subject),
      facts: toJson(context, entry.facts),
    })
    .execute();
}
