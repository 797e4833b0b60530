import type { ChangelogEntry } from '../../domain/changelog/changelog.ts';
import { type Actor, byPublisher } from '../../domain/job/actor.ts';
import type { CommitSha, RepositoryId, Slug } from '../../domain/repository/repository.ts';
import type { OwedEntry, WriteBacks } from '../../ports/changelogs.ts';
import { insertAudit } from '../audit/audit-rows.ts';
import type { Db, StoreContext } from '../engine/context.ts';
import { selectVersion, toEntry, writeText } from './changelogs.ts';

const open = ['owed', 'in-pull-request'] as const;

export function buildWriteBacks(context: StoreContext): WriteBacks {
  const { db, clock } = context;
  return {
    listDue: async (limit) => listOpen(context, clock.now(), limit),
    listOwed: async () => listOpen(context, Number.MAX_SAFE_INTEGER, 1_000),
    settle: async (ids, state, detail) => {
      if (ids.length === 0) return;
      await db.transaction().execute(async (trx) => {
        await update(trx, ids)
          .set({ state, detail: context.redact(detail), settled_at: clock.now() })
          .execute();
        await auditEntries(context, trx, ids, `changelog-${state}`, { detail });
      });
    },
    joinPullRequest: async (ids, pullRequest, notBefore) =>
      db.transaction().execute(async (trx) => joinPullRequest(context, trx, { ids, pullRequest, notBefore })),
    postpone: async (ids, notBefore, detail) => {
      await update(db, ids)
        .set((eb) => ({
          tries: eb('tries', '+', 1),
          not_before: notBefore,
          detail: context.redact(detail),
        }))
        .execute();
    },
    replace: async (name, version, entry, how) =>
      db.transaction().execute(async (trx) => replace(context, trx, { name, version, entry, ...how })),
  };
}

function update(db: Db, ids: readonly number[]) {
  return db.updateTable('changelog_write_backs').where('entry', 'in', [...ids]);
}

interface Joining {
  readonly ids: readonly number[];
  readonly pullRequest: number;
  readonly notBefore: number;
}

async function joinPullRequest(
  context: StoreContext,
  db: Db,
  { ids, pullRequest, notBefore }: Joining,
): Promise<void> {
  const moved = await db
    .selectFrom('changelog_write_backs')
    .select('entry')
    .where('entry', 'in', [...ids])
    .where('pull_request', 'is not', pullRequest)
    .execute();
  await update(db, ids)
    .set({ state: 'in-pull-request', pull_request: pullRequest, not_before: notBefore, detail: null })
    .execute();
  const entries = moved.map(({ entry }) => entry);
  await auditEntries(context, db, entries, 'changelog-in-pull-request', { pullRequest });
}

interface Replacement {
  readonly name: string;
  readonly version: string;
  readonly entry: ChangelogEntry;
  readonly by: Actor;
  readonly commit: CommitSha;
}

async function replace(
  context: StoreContext,
  db: Db,
  { name, version, entry, by, commit }: Replacement,
): Promise<void> {
  const row = await selectVersion(db, context.registry, name, version);
  if (row === undefined) throw new Error('an entry that is replaced was never stored');
  await db.updateTable('changelog_entries').set(writeText(context, entry)).where('id', '=', row.id).execute();
  const facts = { version, commit, wordedBy: entry.wordedBy };
  await insertAudit(context, db, { action: 'changelog-regenerated', actor: by, subject: name, facts });
}

async function auditEntries(
  context: StoreContext,
  db: Db,
  ids: readonly number[],
  action: string,
  facts: object,
): Promise<void> {
  if (ids.length === 0) return;
  const rows = await db
    .selectFrom('changelog_entries as entry')
    .innerJoin('repositories', 'repositories.id', 'entry.repository_id')
    .select(['name', 'version', 'job', 'slug'])
    .where('entry.id', 'in', [...ids])
    .execute();
  for (const { name, version, job, slug: repository } of rows) {
    const entry = { action, actor: byPublisher, subject: `${name}@${version}` };
    await insertAudit(context, db, { ...entry, facts: { job, repository, ...facts } });
  }
}

/**
 * Records, inside the transaction that ends a job, the changelog entries that its published versions owe their
 * repository.
 */
export async function oweWriteBacks(context: StoreContext, db: Db, job: number): Promise<void> {
  const rows = await db
    .selectFrom('jobs')
    .innerJoin('dispatches', 'dispatches.id', 'jobs.dispatch_id')
    .innerJoin('changelog_entries as entry', (join) =>
      join
        .onRef('entry.repository_id', '=', 'jobs.repository_id')
        .onRef('entry.commit_sha', '=', 'dispatches.commit_sha'),
    )
    .innerJoin('package_states as state', (join) =>
      join.onRef('state.job', '=', 'jobs.number').onRef('state.path', '=', 'entry.path'),
    )
    .select('entry.id')
    .where('jobs.number', '=', job)
    .where('state.state', '=', 'published')
    .where('entry.registry', '=', context.registry)
    .execute();
  for (const { id } of rows) {
    await db
      .insertInto('changelog_write_backs')
      .values({ entry: id, state: 'owed', created_at: context.clock.now() })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

/** Returns why entries of this job have not reached their repository yet, by package folder. */
export async function findOwedDetails(db: Db, job: number): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom('changelog_write_backs as owed')
    .innerJoin('changelog_entries as entry', 'entry.id', 'owed.entry')
    .select(['entry.path', 'owed.detail'])
    .where('entry.job', '=', job)
    .where('owed.state', '=', 'owed')
    .where('owed.detail', 'is not', null)
    .execute();
  return new Map(rows.map(({ path, detail }) => [path, detail ?? '']));
}

async function listOpen(context: StoreContext, until: number, limit: number): Promise<readonly OwedEntry[]> {
  const rows = await context.db
    .selectFrom('changelog_write_backs as owed')
    .innerJoin('changelog_entries as entry', 'entry.id', 'owed.entry')
    .innerJoin('repositories', 'repositories.id', 'entry.repository_id')
    .selectAll('entry')
    .select(['owed.tries', 'owed.pull_request', 'owed.detail', 'repositories.slug'])
    .where('owed.state', 'in', [...open])
    .where('owed.not_before', '<=', until)
    .where('entry.registry', '=', context.registry)
    .orderBy('entry.job')
    .orderBy('entry.id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    repositoryId: row.repository_id as RepositoryId,
    slug: row.slug as Slug,
    job: row.job,
    entry: toEntry(row),
    tries: row.tries,
    pullRequest: row.pull_request ?? undefined,
    detail: row.detail ?? undefined,
  }));
}
