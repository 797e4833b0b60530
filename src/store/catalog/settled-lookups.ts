import { sql } from 'kysely';
import type { Catalog } from '../../ports/catalog.ts';
import type { StoreContext } from '../engine/context.ts';

/** What needs no second reading: of thousands of names, a few change between two looks. */
export function buildSettledLookups({
  db,
  relaxed,
  registry,
  clock,
}: StoreContext): Pick<Catalog, 'listSettled' | 'confirmLookups'> {
  return {
    listSettled: async (names) => {
      // Compared by what they say, not by when they were written: a look-up may be saved after a newer one, and a
      // process may be killed between both tables.
      const rows = await db
        .selectFrom('registry_names as known')
        .innerJoin('packument_cache as cached', (join) =>
          join.onRef('cached.registry', '=', 'known.registry').onRef('cached.name', '=', 'known.name'),
        )
        .select(['cached.name', 'cached.etag'])
        .where('known.registry', '=', registry)
        .where('known.name', 'in', names)
        .where('known.state', '<>', 'absent')
        .where(
          sql<boolean>`known.dist_tags = cached.packument -> '$.distTags'
            and known.repository_url is cached.packument ->> '$.repositoryUrl'
            and known.versions = (select json_group_array(value ->> 'version')
              from json_each(cached.packument, '$.versions'))`,
        )
        .execute();
      return new Map(rows.map(({ name, etag }) => [name, etag]));
    },
    confirmLookups: async (names) => {
      await relaxed
        .updateTable('registry_names')
        .set({ state: 'present', checked_at: clock.now(), last_error: null })
        .where('registry', '=', registry)
        .where('name', 'in', names)
        // Somebody else was told meanwhile that it is gone.
        .where('state', '<>', 'absent')
        .execute();
    },
  };
}
