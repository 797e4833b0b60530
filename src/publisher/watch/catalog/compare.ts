import { failure, renderFailure } from '../../../domain/failure/failure.ts';
import type { CatalogRow } from '../../../domain/package/catalog.ts';
import { type DriftRow, decideDrift, type RegistryFacts } from '../../../domain/package/drift.ts';
import { whyNameExcluded } from '../../../domain/package/package-name.ts';
import type { Packument } from '../../../domain/package/packument.ts';
import type { Slug } from '../../../domain/repository/repository.ts';
import { decideOwnership, type Ownership } from '../../judge/ownership.ts';

export interface CompareContext {
  /** Scopes that may be published, from PACKAGE_SCOPES. */
  readonly scopes: readonly string[];
  /** Slugs of all registered repositories. */
  readonly registered: readonly Slug[];
  /** GITHUB_SERVER_URL. */
  readonly gitServerUrl: string;
}

/** Compares what the cache knows of packages. All rows of a name in a repository have to be given together. Pure. */
export function compareRows(rows: readonly CatalogRow[], context: CompareContext): readonly DriftRow[] {
  const twins = findTwins(rows);
  return rows.map((row) => compareRow(row, twins.get(keyOf(row)) ?? [], context));
}

function compareRow(row: CatalogRow, twins: readonly string[], context: CompareContext): DriftRow {
  const drift = decideDrift({
    headVersion: row.version,
    exclusion: whyExcluded(row, context.scopes) ?? wordTwins(row, twins),
    registry: registryFactsOf(row),
    recordedOwner:
      row.owner === undefined
        ? undefined
        : { isThis: row.owner.repositoryId === row.repositoryId, slug: row.owner.slug },
    ownership: ownershipOf(row, context),
    holders: row.holders.map((holder) => holder.slug),
    publishedByUs: row.publishedByUs,
  });
  const isPresent = row.registry?.state === 'present';
  return {
    repository: row.slug,
    path: row.path,
    name: row.name,
    headVersion: row.version,
    latest: isPresent ? row.registry?.latest : undefined,
    ...drift,
    checkedAt: row.registry?.checkedAt,
  };
}

/** Groups folders by name within a repository: a commit that declares a name twice publishes neither. */
function findTwins(rows: readonly CatalogRow[]): ReadonlyMap<string, readonly string[]> {
  const paths = new Map<string, string[]>();
  for (const row of rows) {
    if (row.exclusion !== undefined) continue;
    const known = paths.get(keyOf(row));
    if (known === undefined) paths.set(keyOf(row), [row.path]);
    else known.push(row.path);
  }
  return paths;
}

function keyOf(row: CatalogRow): string {
  return `${row.repositoryId} ${row.name}`;
}

function wordTwins({ name }: CatalogRow, paths: readonly string[]): string | undefined {
  if (paths.length < 2) return undefined;
  const shown = paths.map((path) => (path === '' ? '(root)' : path)).join(', ');
  return renderFailure(failure('duplicate-name', { name, paths: shown })).title;
}

/**
 * Returns why a row is excluded, undefined when it is not. A repository may narrow the scopes; names are judged when
 * they are read, since scopes change.
 */
export function whyExcluded(row: CatalogRow, scopes: readonly string[]): string | undefined {
  return row.exclusion ?? whyNameExcluded(row.name, row.scopes.length > 0 ? row.scopes : scopes);
}

/** Decides ownership by the same rule as a publish, from what was looked up last. */
export function ownershipOf(
  row: CatalogRow,
  { registered, gitServerUrl }: Omit<CompareContext, 'scopes'>,
): Ownership {
  return decideOwnership({
    repository: { repositoryId: row.repositoryId, slug: row.slug },
    owner: row.owner,
    packument: packumentOf(row),
    otherHolders: row.holders.filter((holder) => holder.repositoryId !== row.repositoryId),
    registered,
    gitServerUrl,
  });
}

/** Returns as much of the packument as ownership needs: whether it has versions, and the repository it names. */
function packumentOf({ name, registry }: CatalogRow): Packument | undefined {
  if (registry?.highest === undefined) return undefined;
  const { highest, repositoryUrl } = registry;
  const versions = new Map([[highest, { version: highest, integrity: undefined }]]);
  return { name, versions, distTags: {}, repositoryUrl };
}

function registryFactsOf({ registry }: CatalogRow): RegistryFacts {
  if (registry === undefined) return { state: 'unknown', why: 'It was not looked up yet' };
  if (registry.state === 'absent') return { state: 'absent' };
  if (registry.state === 'present') return { ...registry, state: 'present' };
  return { state: 'unknown', why: `The registry could not be asked: ${registry.lastError ?? 'no answer'}` };
}
