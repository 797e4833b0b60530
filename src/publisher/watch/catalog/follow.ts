import type { Repository, RepositoryId } from '../../../domain/repository/repository.ts';
import type { Repositories } from '../../../ports/repositories.ts';
import { type CatalogDeps, refreshCatalog } from './refresh.ts';
import type { LookupMemory } from './remember-lookups.ts';

export interface FollowDeps extends CatalogDeps {
  readonly memory: Pick<LookupMemory, 'take'>;
  readonly repositories: Pick<Repositories, 'list' | 'find'>;
}

export interface CatalogFollower {
  /** A job of this repository ended: saves its head and what was learned of its names. Returns at once. */
  jobEnded(repositoryId: RepositoryId): void;
  /** The repository is new, or about to publish: reads its head and looks up all its names. Returns at once. */
  repositoryChanged(repositoryId: RepositoryId): void;
  /** Ends an update that runs. */
  stop(): Promise<void>;
}

/** Pushes within this time lead to one update, and a publish that just ended has the machine to itself. */
const pauseMs = 500;

/** Keeps the cache up to date in the background, one repository at a time. */
export function followCatalog(deps: FollowDeps): CatalogFollower {
  const due = new Map<RepositoryId, 'learned' | 'all'>();
  const stopping = new AbortController();
  let loop: Promise<void> | undefined;

  async function refreshOne(id: RepositoryId, what: 'learned' | 'all'): Promise<void> {
    const repository = await deps.repositories.find(id);
    if (repository?.status !== 'active') return;
    const { lookups, outdated } = deps.memory.take();
    if (lookups.length > 0) await deps.catalog.saveLookups(lookups);
    const names = what === 'all' ? {} : { names: outdated };
    await refreshCatalog(deps, { repository, ...names }, stopping.signal);
  }

  async function run(): Promise<void> {
    await deps.clock.sleep(pauseMs, stopping.signal);
    for (const [id, what] of due) {
      due.delete(id);
      await refreshOne(id, what).catch((error: unknown) => {
        stopping.signal.throwIfAborted();
        deps.logger.error('the package cache could not be brought up to date', { repository: id, error });
      });
    }
  }

  function schedule(id: RepositoryId, what: 'learned' | 'all'): void {
    if (stopping.signal.aborted) return;
    due.set(id, due.get(id) === 'all' ? 'all' : what);
    loop ??= run()
      .catch(() => undefined)
      .finally(() => {
        loop = undefined;
        const [next] = due;
        if (next !== undefined) schedule(...next);
      });
  }

  return {
    jobEnded: (id) => schedule(id, 'learned'),
    repositoryChanged: (id) => schedule(id, 'all'),
    stop: async () => {
      stopping.abort(new Error('stopping'));
      await loop;
    },
  };
}

/** Updates the cache for every active repository after an import. */
export function followAll(
  follower: Pick<CatalogFollower, 'repositoryChanged'>,
  repositories: readonly Repository[],
): void {
  for (const { id, status } of repositories) if (status === 'active') follower.repositoryChanged(id);
}
