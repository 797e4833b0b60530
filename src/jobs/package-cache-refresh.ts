import { describeJob } from '../domain/schedule/scheduled-jobs.ts';
import { type CatalogDeps, refreshCatalog } from '../publisher/watch/catalog/refresh.ts';
import type { ScheduledJob } from './scheduled-job.ts';

/**
 * Builds the job that refreshes heads and names that no event updated; a name that cannot be looked up stays unknown.
 */
export function buildPackageCacheRefresh(deps: CatalogDeps): ScheduledJob {
  return {
    ...describeJob('package-cache-refresh'),
    run: async ({ signal }) => {
      let looked = 0;
      const onProgress = (done: number): void => {
        looked = done;
      };
      const { unread } = await refreshCatalog(deps, { onProgress }, signal);
      const unknown = await countUnknown(deps);
      return { counts: { looked, unknown, unread: unread.size } };
    },
  };
}

async function countUnknown({ catalog }: CatalogDeps): Promise<number> {
  const rows = await catalog.listRows({});
  return new Set(rows.filter((row) => row.registry?.state === 'unknown').map((row) => row.name)).size;
}
