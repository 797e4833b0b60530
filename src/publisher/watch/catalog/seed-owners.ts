import type { CatalogRow } from '../../../domain/package/catalog.ts';
import type { Repository } from '../../../domain/repository/repository.ts';
import type { Catalog, CatalogFilter, NameClaim } from '../../../ports/catalog.ts';
import { ownershipOf, whyExcluded } from './compare.ts';

export interface SeedDeps {
  readonly catalog: Pick<Catalog, 'listRows' | 'claimNames' | 'countUnread'>;
  readonly scopes: readonly string[];
  /** GITHUB_SERVER_URL. */
  readonly gitServerUrl: string;
}

/**
 * Records the owners of names that the registry already has: the repository that its document names, else the only
 * active repository that holds the name. Contested names stay without an owner until an operator names one; a name
 * that nobody published belongs to its first publisher.
 */
export async function seedOwners(
  deps: SeedDeps,
  filter: CatalogFilter,
  repositories: readonly Repository[],
): Promise<number> {
  const active = new Map(repositories.map((known) => [known.id, known.status === 'active']));
  const { gitServerUrl } = deps;
  const registered = repositories.map(({ slug }) => slug);
  const rows = await deps.catalog.listRows(filter);
  // Another repository may hold the name in a head that nobody has read.
  const isComplete = (await deps.catalog.countUnread()) === 0;
  const claims = rows
    .filter((row) => isSeedable(row) && active.get(row.repositoryId) === true)
    .filter((row) => whyExcluded(row, deps.scopes) === undefined)
    .flatMap((row): readonly NameClaim[] => {
      const ownership = ownershipOf(row, { registered, gitServerUrl });
      if (ownership.kind !== 'claim' || ownership.how === 'first-publish') return [];
      if (ownership.how === 'sole-holder' && !isComplete) return [];
      return [{ name: row.name, repositoryId: row.repositoryId, how: ownership.how }];
    });
  return claims.length === 0 ? 0 : deps.catalog.claimNames(claims);
}

function isSeedable(row: CatalogRow): boolean {
  return row.owner === undefined && row.registry?.state === 'present' && row.mode === 'live';
}
