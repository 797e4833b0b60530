import type { AnnouncedNews } from '../../ports/announcements.ts';
import type { StoreContext } from '../engine/context.ts';
import { insertAnnouncement } from './outbox-rows.ts';

export function buildAnnouncedNews(context: StoreContext): AnnouncedNews {
  const { clock, db, redact } = context;
  return {
    list: async (teller) => {
      const rows = await db
        .selectFrom('told_news')
        .select(['key', 'print'])
        .where('teller', '=', teller)
        .execute();
      return new Map(rows.map((row) => [row.key, row.print]));
    },
    announce: async (teller, announcements, items) =>
      db.transaction().execute(async (trx) => {
        for (const { announcement, key } of announcements) {
          await insertAnnouncement(context, trx, announcement, redact(key));
        }
        await trx.deleteFrom('told_news').where('teller', '=', teller).execute();
        for (const { key, print } of items) {
          const row = { teller, key: redact(key), print: redact(print), told_at: clock.now() };
          await trx.replaceInto('told_news').values(row).execute();
        }
      }),
  };
}
