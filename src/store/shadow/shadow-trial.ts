import type { RepositoryId } from '../../domain/repository/repository.ts';
import type { ShadowVersion } from '../../domain/repository/shadow.ts';
import type { ShadowTrial } from '../../ports/shadow.ts';
import { type Db, fromJson, type StoreContext, toJson } from '../engine/context.ts';

export function buildShadowTrial(context: StoreContext): ShadowTrial {
  const { db, clock, registry } = context;
  const findStart = async (trx: Db, name: string): Promise<readonly string[] | undefined> => {
    const known = await trx
      .selectFrom('shadow_names')
      .select('versions')
      .where('registry', '=', registry)
      .where('name', '=', name)
      .executeTakeFirst();
    return known === undefined ? undefined : fromJson<readonly string[]>(known.versions);
  };
  return {
    findStart: async (name, shown) => (await findStart(db, name)) ?? shown,
    begin: async (repositoryId: RepositoryId, name, versions) =>
      db.transaction().execute(async (trx) => {
        const row = { registry, name, repository_id: repositoryId, since: clock.now() };
        await trx
          .insertInto('shadow_names')
          .values({ ...row, versions: toJson(context, versions) })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        return (await findStart(trx, name)) ?? versions;
      }),
    listRecorded: async (name) =>
      db
        .selectFrom('shadow_versions')
        .select(['version', 'integrity', 'job'])
        .where('registry', '=', registry)
        .where('name', '=', name)
        .where('state', '!=', 'ended')
        .execute(),
    record: async (version) => db.transaction().execute(async (trx) => record(context, trx, version)),
  };
}

async function record(context: StoreContext, db: Db, version: ShadowVersion): Promise<void> {
  const { clock, registry } = context;
  const key = { registry, name: version.name, version: version.version };
  const values = {
    repository_id: version.repositoryId,
    commit_sha: version.commit,
    job: version.job,
    dist_tag: version.distTag,
    integrity: version.integrity,
    contents: toJson(context, version.contents),
    recorded_at: clock.now(),
    state: 'waiting',
    finding: null,
    settled_at: null,
  };
  await db
    .insertInto('shadow_versions')
    .values({ ...key, ...values })
    .onConflict((conflict) =>
      conflict
        .columns(['registry', 'name', 'version'])
        .doUpdateSet(values)
        .where('shadow_versions.state', '!=', 'compared'),
    )
    .execute();
  // The version is not unexpected after all: our own job for it was under way.
  await db
    .deleteFrom('shadow_unexpected')
    .where('registry', '=', registry)
    .where('name', '=', key.name)
    .where('version', '=', key.version)
    .where('told_at', 'is', null)
    .execute();
}
