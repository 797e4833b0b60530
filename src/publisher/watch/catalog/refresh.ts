import pLimit from 'p-limit';
import { type Failure, failure, Outage, PublishError } from '../../../domain/failure/failure.ts';
import type { Repository, RepositoryId } from '../../../domain/repository/repository.ts';
import type { Catalog, CatalogFilter } from '../../../ports/catalog.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { RepositorySource } from '../../../ports/git.ts';
import type { Logger } from '../../../ports/logger.ts';
import type { Registry } from '../../../ports/registry.ts';
import type { Repositories } from '../../../ports/repositories.ts';
import { type Looks, putLast } from '../../judge/looks.ts';
import { outageFailure } from '../../queue/outages/outage-failure.ts';
import { whyExcluded } from './compare.ts';
import { lookUpNames } from './look-up.ts';
import { readHead } from './read-head.ts';
import { seedOwners } from './seed-owners.ts';

export interface CatalogDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly catalog: Catalog;
  readonly repositories: Pick<Repositories, 'list'>;
  readonly source: Pick<RepositorySource, 'resolve' | 'listTree' | 'eachBlob'>;
  readonly registry: Pick<Registry, 'findChange'>;
  readonly looks: Pick<Looks, 'take' | 'listSuspected'>;
  /** Scopes that may be published, from PACKAGE_SCOPES. */
  readonly scopes: readonly string[];
  /** GITHUB_SERVER_URL. */
  readonly gitServerUrl: string;
  /** True when PUBLISH_MODE is `shadow`: then no owner is recorded. */
  readonly isShadow: boolean;
}

export interface RefreshRequest {
  /** The only repository to refresh, whatever its status; all active repositories when left out. */
  readonly repository?: Repository;
  /** Names to look up besides those that never were; all names of the heads when left out. */
  readonly names?: readonly string[];
  readonly onProgress?: (done: number, total: number) => void;
}

export interface Refreshed {
  /** Repositories whose head could not be read, with the reason; what was known of them stays. */
  readonly unread: ReadonlyMap<RepositoryId, Failure>;
}

const headsAtOnce = 4;

/**
 * Brings the cache up to date: heads first, then the names found there, then owners of names that have none. Throws
 * the signal's reason only; a neighbour that fails is part of the result.
 */
export async function refreshCatalog(
  deps: CatalogDeps,
  request: RefreshRequest,
  signal: AbortSignal,
): Promise<Refreshed> {
  const { repository } = request;
  const registered = await deps.repositories.list();
  const chosen =
    repository === undefined ? registered.filter(({ status }) => status === 'active') : [repository];
  const limit = pLimit(headsAtOnce);
  const unread = new Map<RepositoryId, Failure>();
  const heads = putLast(chosen, await deps.looks.listSuspected()).map(async (item) =>
    limit(async () => {
      const problem = await readOrExplain(deps, item, signal);
      if (problem !== undefined) unread.set(item.id, problem);
    }),
  );
  for (const head of await Promise.allSettled(heads)) if (head.status === 'rejected') throw head.reason;
  const filter = repository === undefined ? {} : { repositoryId: repository.id };
  const names = await listNames(deps, filter, request.names);
  await lookUpNames(deps, names, request.onProgress ?? (() => undefined), signal);
  if (!deps.isShadow) await seedOwners(deps, filter, registered);
  return { unread };
}

async function listNames(
  deps: CatalogDeps,
  filter: CatalogFilter,
  only: readonly string[] | undefined,
): Promise<readonly string[]> {
  const rows = await deps.catalog.listRows(filter);
  const ours = rows.filter((row) => whyExcluded(row, deps.scopes) === undefined);
  const due = only === undefined ? ours : ours.filter((row) => row.registry === undefined);
  return [...new Set([...(only ?? []), ...due.map((row) => row.name)])];
}

async function readOrExplain(
  deps: CatalogDeps,
  repository: Repository,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  const { id, slug } = repository;
  try {
    await readHead(deps, repository, signal);
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (isEmpty(error)) {
      await deps.catalog.saveHead(id, undefined, []);
      return undefined;
    }
    const problem = explain(deps, slug, error);
    deps.logger.warn('the head of a repository could not be read', { repository: slug, problem });
    await deps.catalog.saveHeadError(id, problem.reason);
    return problem;
  }
}

/** Whether the repository has no commit yet: then it was read, and holds nothing. */
function isEmpty(error: unknown): boolean {
  return error instanceof PublishError && error.failure.reason === 'ref-not-found';
}

function explain(deps: CatalogDeps, slug: string, error: unknown): Failure {
  if (error instanceof PublishError) return error.failure;
  if (error instanceof Outage) return outageFailure(error, deps.clock.now());
  deps.logger.error('the head of a repository could not be read, unexpectedly', { repository: slug, error });
  return failure('repository-unavailable', { repository: slug, detail: 'it could not be read' });
}
