import type { CommitSha } from '../../domain/repository/repository.ts';
import type { JudgedCommits } from '../../ports/judgements.ts';
import type { StoreContext } from '../engine/context.ts';

const rowsPerStatement = 100;

export function buildJudged(context: StoreContext): JudgedCommits {
  const { db, clock, relaxed } = context;
  return {
    listJudged: async (repositoryId, branch, limit) => {
      const rows = await db
        .selectFrom('judged_commits')
        .select('commit_sha')
        .where('repository_id', '=', repositoryId)
        .where('branch', '=', branch)
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => row.commit_sha as CommitSha);
    },
    saveSightings: async (repositoryId, sightings) => {
      if (sightings.length === 0) return;
      const rows = sightings.map((sighting) => ({
        repository_id: repositoryId,
        path: sighting.path,
        name: sighting.name,
        version: sighting.version ?? null,
        manifest_oid: sighting.oid ?? null,
        seen_at: clock.now(),
      }));
      await relaxed.transaction().execute(async (trx) => {
        for (let from = 0; from < rows.length; from += rowsPerStatement) {
          await trx
            .replaceInto('package_cache')
            .values(rows.slice(from, from + rowsPerStatement))
            .execute();
        }
      });
    },
    listKnownPackages: async (repositoryId) => {
      const rows = await db
        .selectFrom('package_cache')
        .select(['name', 'path', 'version', 'manifest_oid'])
        .where('repository_id', '=', repositoryId)
        .execute();
      return rows.map(({ name, path, version, manifest_oid: oid }) => ({
        name,
        path,
        version: version ?? undefined,
        oid: oid ?? undefined,
      }));
    },
  };
}
