import type { ThreadMessages } from '../../ports/announcements.ts';
import type { StoreContext } from '../engine/context.ts';

export function buildThreadMessages(context: StoreContext): ThreadMessages {
  const { db, clock, relaxed } = context;
  return {
    find: async (key) => {
      const row = await db
        .selectFrom('thread_messages')
        .selectAll()
        .where('key', '=', key)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      return { nonce: row.nonce, messageId: row.message_id ?? undefined, postedAt: row.posted_at };
    },
    begin: async (key, nonce) => {
      await db
        .insertInto('thread_messages')
        .values({ key, nonce, message_id: null, posted_at: clock.now() })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    posted: async (key, messageId) => {
      const posted = { message_id: messageId, posted_at: clock.now() };
      await relaxed.updateTable('thread_messages').set(posted).where('key', '=', key).execute();
    },
    replace: async (key, nonce) => {
      await db
        .replaceInto('thread_messages')
        .values({ key, nonce, message_id: null, posted_at: clock.now() })
        .execute();
    },
  };
}
