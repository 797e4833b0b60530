import type { Hold } from '../../../domain/package/hold.ts';
import type { AwaitedPackage, HoldFilter, Holds } from '../../../ports/judgements.ts';
import type { Db, StoreContext } from '../../engine/context.ts';
import { releaseReady, settleArrived } from './release.ts';
import { saySettled } from './say-settled.ts';
import { settleHold } from './settle.ts';

export function buildHolds(context: StoreContext): Holds {
  const { db } = context;
  const inTransaction = async <T>(work: (trx: Db) => Promise<T>): Promise<T> =>
    db.transaction().execute(work);
  return {
    list: async (filter) => listHolds(context, filter),
    listAwaited: async () => listAwaited(context),
    noteLook: async (name, present) => inTransaction(async (trx) => noteLook(context, trx, name, present)),
    releaseReady: async () => inTransaction(async (trx) => releaseReady(context, trx)),
    cancel: async (job, by) => inTransaction(async (trx) => cancelHolds(context, trx, job, by)),
  };
}

async function listHolds({ db, registry }: StoreContext, filter: HoldFilter): Promise<readonly Hold[]> {
  const rows = await db
    .selectFrom('holds')
    .innerJoin('repositories', 'repositories.id', 'holds.repository_id')
    .select(['holds.id', 'slug', 'name', 'version', 'job', 'told_in', 'since'])
    .where('state', 'in', ['waiting', 'released'])
    .where('registry', '=', registry)
    .where('removed_at', 'is', null)
    .$if(filter.repositoryId !== undefined, (query) =>
      query.where('repository_id', '=', filter.repositoryId ?? 0),
    )
    .$if(filter.name !== undefined, (query) => query.where('name', '=', filter.name ?? ''))
    .orderBy('holds.id')
    .execute();
  const awaited = await db
    .selectFrom('awaited_versions')
    .innerJoin('holds', 'holds.id', 'awaited_versions.hold')
    .select(['hold', 'awaited_versions.name', 'awaited_versions.version'])
    .where('state', '=', 'waiting')
    .where('registry', '=', registry)
    .execute();
  const byHold = Map.groupBy(awaited, ({ hold }) => hold);
  return rows.map(({ id, slug: repository, name, version, job, told_in: announcedIn, since }) => {
    const awaits = (byHold.get(id) ?? []).map((item) => ({ name: item.name, version: item.version }));
    return { id, repository, name, version, job, announcedIn, since, awaits };
  });
}

async function listAwaited({ db, registry }: StoreContext): Promise<readonly AwaitedPackage[]> {
  const rows = await db
    .selectFrom('awaited_versions')
    .innerJoin('holds', 'holds.id', 'awaited_versions.hold')
    .innerJoin('repositories', 'repositories.id', 'holds.repository_id')
    .select(['awaited_versions.name', 'awaited_versions.version', 'looked_at', 'since'])
    .where('holds.state', '=', 'waiting')
    .where('registry', '=', registry)
    .where('repositories.status', '=', 'active')
    .execute();
  return [...Map.groupBy(rows, ({ name }) => name)].map(([name, of]) => ({
    name,
    versions: [...new Set(of.map(({ version }) => version))],
    since: Math.max(...of.map(({ since }) => since)),
    lookedAt: Math.min(...of.map(({ looked_at: at }) => at)),
  }));
}

async function noteLook(
  context: StoreContext,
  db: Db,
  name: string,
  present: readonly string[],
): Promise<number> {
  await db
    .updateTable('awaited_versions')
    .set({ looked_at: context.clock.now() })
    .where('name', '=', name)
    .execute();
  const arrived = await settleArrived(
    context,
    db,
    present.map((version) => ({ name, version })),
  );
  return arrived === 0 ? 0 : releaseReady(context, db);
}

async function cancelHolds(context: StoreContext, db: Db, job: number, by: string): Promise<number> {
  const rows = await db
    .selectFrom('holds')
    .selectAll()
    .where('state', '=', 'waiting')
    .where((eb) => eb.or([eb('told_in', '=', job), eb('job', '=', job)]))
    .execute();
  for (const hold of rows)
    await settleHold(context, db, hold, { outcome: 'cancelled', job: null, actor: by });
  await saySettled(context, db, rows, `cancelled-${context.clock.now()}`);
  return rows.length;
}
