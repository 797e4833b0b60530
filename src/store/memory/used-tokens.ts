import type { UsedTokens } from '../../ports/memory.ts';
import type { StoreContext } from '../engine/context.ts';

/** A clock that was a little ahead must not let a token be used twice once it is right. */
const keptMs = 24 * 3_600_000;

export function buildUsedTokens(context: StoreContext): UsedTokens {
  const { db, clock } = context;
  return {
    use: async (tokenId, purpose, expiresAt) =>
      db.transaction().execute(async (trx) => {
        await trx
          .deleteFrom('used_tokens')
          .where('expires_at', '<', clock.now() - keptMs)
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
