import { usedTokenKeptMs } from '../../domain/schedule/clock-doubt.ts';
import type { UsedTokens } from '../../ports/memory.ts';
import type { StoreContext } from '../engine/context.ts';

export function buildUsedTokens(context: StoreContext): UsedTokens {
  const { db, clock } = context;
  return {
    use: async (tokenId, purpose, expiresAt) =>
      db.transaction().execute(async (trx) => {
        await trx
          .deleteFrom('used_tokens')
          .where('expires_at', '<', clock.now() - usedTokenKeptMs)
          .execute();
        await trx
          .insertInto('used_tokens')
          .values({ token_id: tokenId, dispatch_key: purpose, expires_at: expiresAt })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        const row = await trx
          .selectFrom('used_tokens')
          .select('dispatch_key')
          .where('token_id', '=', tokenId)
          .executeTakeFirst();
        return row?.dispatch_key === purpose;
      }),
  };
}
