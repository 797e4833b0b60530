import type { Selectable } from 'kysely';
import { byPublisher } from '../../../domain/job/actor.ts';
import type { HoldEnding } from '../../../domain/package/hold-ending.ts';
import { insertAudit } from '../../audit/audit-rows.ts';
import type { Db, StoreContext } from '../../engine/context.ts';
import type { HoldTables } from '../hold-tables.ts';

export type HoldRow = Selectable<HoldTables['holds']>;

export interface Settlement extends HoldEnding {
  /** The job in which the hold ended; null when a person ended it. */
  readonly job: number | null;
  /** Who ended the hold; the publisher itself when left out. */
  readonly actor?: string;
}

/** Settles a hold, in the caller’s transaction. */
export async function settleHold(
  context: StoreContext,
  db: Db,
  hold: HoldRow,
  { outcome, detail, job, actor = byPublisher }: Settlement,
): Promise<void> {
  await db.deleteFrom('awaited_versions').where('hold', '=', hold.id).execute();
  await db
    .updateTable('holds')
    .set({
      state: 'settled',
      outcome,
      detail: detail === undefined ? null : context.redact(detail),
      settled_by: job,
      settled_at: context.clock.now(),
    })
    .where('id', '=', hold.id)
    .execute();
  const facts = { outcome, detail, job, heldBy: hold.told_in };
  const subject = `${hold.name}@${hold.version}`;
  await insertAudit(context, db, { action: 'hold-ended', actor, subject, facts });
}
