import type { Announcement } from '../../domain/announcement/announcement.ts';
import { outagePrefixes } from '../../domain/announcement/announcement-keys.ts';
import type { Neighbour } from '../../domain/failure/failure.ts';
import type { OpenOutage, Outbox } from '../../ports/announcements.ts';
import { type Db, fromJson, type StoreContext } from '../engine/context.ts';
import { insertAnnouncement } from './outbox-rows.ts';

export function buildOutbox(context: StoreContext): Outbox {
  const { db, clock, relaxed } = context;
  return {
    // Lists a lane in order: while its first announcement waits, those behind it wait too.
    listDue: async (limit, lane = 'outcomes') => {
      const rows = await db
        .selectFrom('outbox')
        .select(['id', 'announcement', 'tries', 'not_before'])
        .where('sent_at', 'is', null)
        .where('lane', '=', lane)
        .orderBy('id')
        .limit(limit)
        .execute();
      const firstWaiting = rows.findIndex((row) => row.not_before > clock.now());
      const due = firstWaiting < 0 ? rows : rows.slice(0, firstWaiting);
      return due.map((row) => ({ id: row.id, announcement: fromJson(row.announcement), tries: row.tries }));
    },
    markSent: async (id) => {
      await relaxed
        .updateTable('outbox')
        .set({ sent_at: clock.now(), last_error: null })
        .where('id', '=', id)
        .execute();
    },
    postpone: async (id, notBefore, detail) => {
      await db
        .updateTable('outbox')
        .set((eb) => ({
          tries: eb('tries', '+', 1),
          not_before: Math.round(notBefore),
          last_error: context.redact(detail),
        }))
        .where('id', '=', id)
        .execute();
    },
    hasten: async () => {
      await db.updateTable('outbox').set({ not_before: 0 }).where('sent_at', 'is', null).execute();
    },
    // Redacts the key, because it may contain text from outside.
    add: async (announcement, key) => insertAnnouncement(context, db, announcement, context.redact(key)),
    findOpenOutage: async (neighbour) => findOpenOutage(db, neighbour),
  };
}

async function findOpenOutage(db: Db, neighbour: Neighbour): Promise<OpenOutage | undefined> {
  const [began, over] = outagePrefixes(neighbour);
  const newest = await db
    .selectFrom('outbox')
    .select('announcement')
    .where((eb) => eb.or([eb('key', 'like', `${began}%`), eb('key', 'like', `${over}%`)]))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  const said = newest === undefined ? undefined : fromJson<Announcement>(newest.announcement);
  return said?.kind === 'outage' ? said : undefined;
}
