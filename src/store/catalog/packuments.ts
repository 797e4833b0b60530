import type { Packument, PublishedVersion } from '../../domain/package/packument.ts';
import type { PackumentCache } from '../../ports/catalog.ts';
import { fromJson, type StoreContext } from '../engine/context.ts';

interface Flat extends Omit<Packument, 'versions'> {
  readonly versions: readonly PublishedVersion[];
}

export function buildPackuments(context: StoreContext): PackumentCache {
  const { db, registry, relaxed } = context;
  return {
    find: async (name) => {
      const row = await db
        .selectFrom('packument_cache')
        .select(['etag', 'packument'])
        .where('registry', '=', registry)
        .where('name', '=', name)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const { versions, ...flat } = fromJson<Flat>(row.packument);
      const packument: Packument = {
        ...flat,
        repositoryUrl: flat.repositoryUrl,
        versions: new Map(versions.map((known) => [known.version, { ...known, integrity: known.integrity }])),
      };
      return { etag: row.etag, packument };
    },
    save: async (name, etag, packument) => {
      const flat: Flat = { ...packument, versions: [...packument.versions.values()] };
      await relaxed
        .replaceInto('packument_cache')
        .values({ registry, name, etag, packument: JSON.stringify(flat) })
        .execute();
    },
  };
}
