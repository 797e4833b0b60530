import type { PublishedVersions } from '../../ports/catalog.ts';
import type { StoreContext } from '../engine/context.ts';

export function buildPublishedVersions({ db, registry }: StoreContext): PublishedVersions {
  return {
    listStored: async () =>
      db
        .selectFrom('intents')
        .select(['name', 'version', 'integrity', 'shasum', 'bytes', 'created_at as sentAt'])
        .where('registry', '=', registry)
        .where('state', '=', 'stored')
        .where((eb) =>
          eb.not(
            eb.exists(
              eb
                .selectFrom('intents as later')
                .select('later.id')
                .where('later.registry', '=', registry)
                .whereRef('later.name', '=', 'intents.name')
                .whereRef('later.version', '=', 'intents.version')
                .where('later.state', '=', 'stored')
                .whereRef('later.id', '>', 'intents.id'),
            ),
          ),
        )
        .orderBy('name')
        .orderBy('id')
        .execute(),
  };
}
