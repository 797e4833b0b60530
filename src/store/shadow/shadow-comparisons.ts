import { shadowKey } from '../../domain/announcement/announcement-keys.ts';
import { restoreResult } from '../../domain/job/package-result.ts';
import type { PackageResult } from '../../domain/job/report.ts';
import type { CommitSha, RepositoryId, Slug } from '../../domain/repository/repository.ts';
import {
  type ShadowFinding,
  type ShadowSummary,
  summarizeTrial,
  type WaitingVersion,
} from '../../domain/repository/shadow.ts';
import type { Settlement, ShadowComparisons, Unexpected } from '../../ports/shadow.ts';
import { insertAnnouncement } from '../announcements/outbox-rows.ts';
import { type Db, fromJson, type StoreContext, toJson } from '../engine/context.ts';

const jobsLookedAt = 20;

export function buildShadowComparisons(context: StoreContext): ShadowComparisons {
  const { db } = context;
  return {
    listWaiting: async () => listWaiting(context),
    noteUnexpected: async (found) =>
      db.transaction().execute(async (trx) => noteUnexpected(context, trx, found)),
    findVerdict: async (repositoryId, name, version) => findVerdict(db, repositoryId, name, version),
    settle: async (settlement) => db.transaction().execute(async (trx) => settle(context, trx, settlement)),
    keepOnly: async (ids) => db.transaction().execute(async (trx) => keepOnly(trx, ids)),
    summarize: async (repositoryId) => summarize(context, repositoryId),
  };
}

async function listWaiting({ db, registry }: StoreContext): Promise<readonly WaitingVersion[]> {
  const rows = await db
    .selectFrom('shadow_versions as shadow')
    .innerJoin('repositories', 'repositories.id', 'shadow.repository_id')
    .selectAll('shadow')
    .select('repositories.slug')
    .where('registry', '=', registry)
    .where('state', 'in', ['waiting', 'overdue'])
    .orderBy('shadow.id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    version: row.version,
    repositoryId: row.repository_id as RepositoryId,
    slug: row.slug as Slug,
    commit: row.commit_sha as CommitSha,
    job: row.job,
    distTag: row.dist_tag,
    integrity: row.integrity,
    contents: fromJson(row.contents),
    recordedAt: row.recorded_at,
    isOverdue: row.state === 'overdue',
  }));
}

async function noteUnexpected(
  { clock, registry }: StoreContext,
  db: Db,
  found: readonly Unexpected[],
): Promise<readonly (Unexpected & { readonly seenAt: number })[]> {
  for (const { name, version, repositoryId } of found) {
    await db
      .insertInto('shadow_unexpected')
      .values({
        registry,
        name,
        version,
        repository_id: repositoryId,
        seen_at: clock.now(),
        finding: null,
        told_at: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  const rows = await db
    .selectFrom('shadow_unexpected')
    .selectAll()
    .where('registry', '=', registry)
    .where('told_at', 'is', null)
    .execute();
  return rows.map((row) => ({
    name: row.name,
    version: row.version,
    repositoryId: row.repository_id as RepositoryId,
    seenAt: row.seen_at,
  }));
}

async function findVerdict(
  db: Db,
  repositoryId: RepositoryId,
  name: string,
  version: string,
): Promise<PackageResult | undefined> {
  const rows = await db
    .selectFrom('package_states as state')
    .innerJoin('jobs', 'jobs.number', 'state.job')
    .select('state.result')
    .where('state.name', '=', name)
    .where('jobs.repository_id', '=', repositoryId)
    .orderBy('state.job', 'desc')
    .limit(jobsLookedAt)
    .execute();
  return rows.map((row) => restoreResult(fromJson(row.result))).find((result) => result.version === version);
}

async function settle(context: StoreContext, db: Db, settlement: Settlement): Promise<void> {
  const { repository, repositoryId } = settlement;
  for (const { id, finding } of settlement.findings) {
    if (id === undefined) await settleUnexpected(context, db, finding);
    else await settleVersion(context, db, id, finding);
  }
  const findings = settlement.findings.map(({ finding }) => finding);
  const at = context.clock.now();
  const key = shadowKey(repositoryId, at);
  await insertAnnouncement(context, db, { kind: 'shadow-compared', repository, findings, at }, key);
}

async function settleVersion(
  context: StoreContext,
  db: Db,
  id: number,
  finding: ShadowFinding,
): Promise<void> {
  const isCompared = finding.kind === 'compared';
  await db
    .updateTable('shadow_versions')
    .set({
      state: isCompared ? 'compared' : 'overdue',
      finding: toJson(context, finding),
      settled_at: context.clock.now(),
      ...(isCompared ? { contents: '{"files":[]}' } : {}),
    })
    .where('id', '=', id)
    .where('state', 'in', ['waiting', 'overdue'])
    .execute();
}

async function settleUnexpected(context: StoreContext, db: Db, finding: ShadowFinding): Promise<void> {
  await db
    .updateTable('shadow_unexpected')
    .set({ finding: toJson(context, finding), told_at: context.clock.now() })
    .where('registry', '=', context.registry)
    .where('name', '=', finding.name)
    .where('version', '=', finding.version)
    .execute();
}

/** Ends the trials of all other repositories, on every registry, because a repository has one mode for all of them. */
async function keepOnly(db: Db, ids: readonly RepositoryId[]): Promise<void> {
  const kept = [-1, ...ids];
  await db.deleteFrom('shadow_names').where('repository_id', 'not in', kept).execute();
  await db
    .deleteFrom('shadow_unexpected')
    .where('repository_id', 'not in', kept)
    .where('told_at', 'is', null)
    .execute();
  await db
    .updateTable('shadow_versions')
    .set({ state: 'ended', contents: '{"files":[]}' })
    .where('repository_id', 'not in', kept)
    .where('state', 'in', ['waiting', 'overdue'])
    .execute();
}

async function summarize({ db, registry }: StoreContext, repositoryId: RepositoryId): Promise<ShadowSummary> {
  const rows = await db
    .selectFrom('shadow_versions')
    .select(['state', 'finding'])
    .where('registry', '=', registry)
    .where('repository_id', '=', repositoryId)
    .execute();
  const { unexpected } = await db
    .selectFrom('shadow_unexpected')
    .select((eb) => eb.fn.countAll<number>().as('unexpected'))
    .where('registry', '=', registry)
    .where('repository_id', '=', repositoryId)
    .where('told_at', 'is not', null)
    .executeTakeFirstOrThrow();
  const versions = rows.map(({ state, finding }) => {
    const isCompared = state === 'compared' && finding !== null;
    return { state, finding: isCompared ? fromJson<ShadowFinding>(finding) : undefined };
  });
  return summarizeTrial(versions, unexpected);
}
