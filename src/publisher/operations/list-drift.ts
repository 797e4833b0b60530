import { type DriftRow, orderDrift, summarizeDrift } from '../../domain/package/drift.ts';
import type { Repository } from '../../domain/repository/repository.ts';
import type { CatalogFilter } from '../../ports/catalog.ts';
import { compareRows } from '../watch/catalog/compare.ts';
import { refreshCatalog } from '../watch/catalog/refresh.ts';
import { findRepository, isAnswer, refused } from './answers.ts';
import { catalogDepsOf } from './catalog-deps.ts';
import type { OperationsDeps } from './deps.ts';
import type { DriftAnswer, NotFound, Refused } from './operations.ts';

/** From the cache. */
export async function listDrift(
  deps: OperationsDeps,
  slug: string | undefined,
): Promise<DriftAnswer | NotFound> {
  const repository = await findOptional(deps, slug);
  return isMissing(repository) ? repository : answerDrift(deps, repository);
}

/** Asks git host and registry first. A repository that was named and cannot be read is refused; among many it keeps its last state. */
export async function refreshDrift(
  deps: OperationsDeps,
  slug: string | undefined,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<DriftAnswer | NotFound | Refused> {
  const repository = await findOptional(deps, slug);
  if (isMissing(repository)) return repository;
  const scope = repository === undefined ? {} : { repository };
  const { unread } = await refreshCatalog(catalogDepsOf(deps), { ...scope, onProgress }, signal);
  const why = repository === undefined ? undefined : unread.get(repository.id);
  return why === undefined ? answerDrift(deps, repository) : refused(why);
}

/** Everything the filter lets through, compared. */
export async function compareAll(
  deps: Pick<OperationsDeps, 'catalog' | 'pipeline' | 'scopes'>,
  filter: CatalogFilter,
): Promise<readonly DriftRow[]> {
  const rows = await deps.catalog.listRows(filter);
  const registered = (await deps.pipeline.repositories.list()).map(({ slug }) => slug);
  return compareRows(rows, {
    scopes: deps.scopes,
    registered,
    gitServerUrl: deps.pipeline.changelog.gitServerUrl,
  });
}

async function answerDrift(deps: OperationsDeps, repository: Repository | undefined): Promise<DriftAnswer> {
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
  deps: OperationsDeps,
  slug: string | undefined,
): Promise<Repository | NotFound | undefined> {
  if (slug === undefined) return undefined;
  return findRepository(deps.pipeline.repositories, slug);
}

function isMissing(found: Repository | NotFound | undefined): found is NotFound {
  return found !== undefined && isAnswer(found);
}
