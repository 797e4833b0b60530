import type { BotMemory } from '../../ports/memory.ts';
import type { StoreContext } from '../engine/context.ts';

export function buildBotMemory({ db }: StoreContext): BotMemory {
  return {
    find: async (key) => {
      const row = await db.selectFrom('bot_memory').select('value').where('key', '=', key).executeTakeFirst();
      return row?.value;
    },
    remember: async (key, value) => {
      await db.replaceInto('bot_memory').values({ key, value }).execute();
    },
  };
}
