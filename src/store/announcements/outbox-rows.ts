import { type Announcement, laneOf } from '../../domain/announcement/announcement.ts';
import { type Db, type StoreContext, toJson } from '../engine/context.ts';

/** Adds an announcement to the outbox; does nothing when one with this key is there already. */
export async function insertAnnouncement(
  context: StoreContext,
  db: Db,
  announcement: Announcement,
  key: string,
): Promise<void> {
  await db
    .insertInto('outbox')
    .values({
      key,
      announcement: toJson(context, announcement),
      lane: laneOf(announcement),
      created_at: context.clock.now(),
      sent_at: null,
      last_error: null,
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
}
