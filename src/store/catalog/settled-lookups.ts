import { sql } from 'kysely';
import type { Catalog } from '../../ports/catalog.ts';
import type { StoreContext } from '../engine/context.ts';

/**
 * Answers for names whose stored look-up already agrees with the cached packument: between two looks only a few names
 * of thousands change.
 */
export function buildSettledLookups({
  db,
  relaxed,
  registry,
  clock,
}: StoreContext): Pick<Catalog, 'listSettled' | 'confirmLookups'> {
  return {
    listSettled: async (names) => {
      // Compares what both tables contain, not when they were written: a look-up may be saved after a newer one, and
      // the process may be killed between the two writes.
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
        // Leaves out names that another look-up has found to be absent in the meantime.
        .where('state', '<>', 'absent')
        .execute();
    },
  };
}
