import { type DriftRow, type DriftSummary, orderDrift, summarizeDrift } from '../../domain/package/drift.ts';
import type { Repository } from '../../domain/repository/repository.ts';
import type { CatalogFilter } from '../../ports/catalog.ts';
import { compareRows } from '../watch/catalog/compare.ts';
import { refreshCatalog } from '../watch/catalog/refresh.ts';
import { findRepository, isAnswer, type NotFound, type Refused, refused } from './answers.ts';
import type { Uses } from './core.ts';

export interface DriftAnswer {
  readonly kind: 'drift';
  /** Every package that is neither equal nor excluded, most urgent first. */
  readonly rows: readonly DriftRow[];
  readonly summary: DriftSummary;
  /** Epoch milliseconds of the oldest look-up among them; undefined when nothing was looked up yet. */
  readonly checkedAt: number | undefined;
}

export type CompareDeps = Uses<{
  packages: 'catalog';
  repositories: 'all';
  settings: 'gitServerUrl' | 'scopes';
}>;

/** Lists what differs between heads and registry, from the cache; of one repository or of all. */
export async function listDrift(
  deps: CompareDeps,
  slug: string | undefined,
): Promise<DriftAnswer | NotFound> {
  const repository = await findOptional(deps, slug);
  return isMissing(repository) ? repository : answerDrift(deps, repository);
}

/**
 * Looks at heads and registry again, then lists. A repository that was named and cannot be read is refused; among many it
 * keeps its last state. `onProgress` gets the number of packages looked up, and of all.
 */
export async function refreshDrift(
  deps: CompareDeps & Uses<{ packages: 'cache' }>,
  slug: string | undefined,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<DriftAnswer | NotFound | Refused> {
  const repository = await findOptional(deps, slug);
  if (isMissing(repository)) return repository;
  const scope = repository === undefined ? {} : { repository };
  const { unread } = await refreshCatalog(deps.packages.cache, { ...scope, onProgress }, signal);
  const why = repository === undefined ? undefined : unread.get(repository.id);
  return why === undefined ? answerDrift(deps, repository) : refused(why);
}

/** Compares every cached package that the filter lets through. */
export async function compareAll(
  { packages, repositories, settings }: CompareDeps,
  filter: CatalogFilter,
): Promise<readonly DriftRow[]> {
  const rows = await packages.catalog.listRows(filter);
  const registered = (await repositories.all.list()).map(({ slug }) => slug);
  const { gitServerUrl, scopes } = settings;
  return compareRows(rows, { scopes, registered, gitServerUrl });
}

async function answerDrift(deps: CompareDeps, repository: Repository | undefined): Promise<DriftAnswer> {
  const filter = repository === undefined ? {} : { repositoryId: repository.id };
  const rows = orderDrift(await compareAll(deps, filter));
  const checks = rows.flatMap(({ checkedAt }) => (checkedAt === undefined ? [] : [checkedAt]));
  return {
    kind: 'drift',
    rows: rows.filter(({ kind }) => kind !== 'equal' && kind !== 'excluded'),
    summary: summarizeDrift(rows),
    checkedAt: checks.length === 0 ? undefined : checks.reduce((a, b) => Math.min(a, b)),
  };
}

async function findOptional(
  { repositories }: CompareDeps,
  slug: string | undefined,
): Promise<Repository | NotFound | undefined> {
  return slug === undefined ? undefined : findRepository(repositories.all, slug);
}

function isMissing(found: Repository | NotFound | undefined): found is NotFound {
  return found !== undefined && isAnswer(found);
}
