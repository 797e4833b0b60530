import type { CredentialName } from '../../domain/repository/credential.ts';
import type { CredentialMemory } from '../../ports/memory.ts';
import type { StoreContext } from '../engine/context.ts';

export function buildCredentialMemory({ db, relaxed }: StoreContext): CredentialMemory {
  return {
    list: async () => {
      const rows = await db.selectFrom('credentials').selectAll().orderBy('name').execute();
      return rows.map(({ name, refused_since, expires_at }) => ({
        // Only `save` below writes this column, with a CredentialName.
        name: name as CredentialName,
        refusedSince: refused_since ?? undefined,
        expiresAt: expires_at ?? undefined,
      }));
    },
    markTaken: async (name) => {
      const { numUpdatedRows } = await relaxed
        .updateTable('credentials')
        .set({ refused_since: null })
        .where('name', '=', name)
        .where('refused_since', 'is not', null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    save: async (credentials) =>
      db.transaction().execute(async (trx) => {
        await trx.deleteFrom('credentials').execute();
        for (const { name, refusedSince, expiresAt } of credentials) {
          const row = { name, refused_since: refusedSince ?? null, expires_at: expiresAt ?? null };
          await trx.insertInto('credentials').values(row).execute();
        }
      }),
  };
}
