import type { Selectable } from 'kysely';
import type { ChangelogEntry, WordedBy } from '../domain/changelog.ts';
import type { CommitSha, RepositoryId, Slug } from '../domain/repository.ts';
import type { ChangelogEntries } from '../ports/changelog-entries.ts';
import type { OwedEntry, WriteBacks } from '../ports/write-backs.ts';
import { type Db, fromJson, type StoreContext, toJson } from './context.ts';
import type { Schema } from './schema.ts';

type EntryRow = Selectable<Schema['changelog_entries']>;

const open = ['owed', 'in-pull-request'] as const;

export function buildChangelogEntries(context: StoreContext): ChangelogEntries {
  const { db, registry } = context;
  return {
    listOf: async (repositoryId, commit) => {
      const rows = await db
        .selectFrom('changelog_entries')
        .selectAll()
        .where('registry', '=', registry)
        .where('repository_id', '=', repositoryId)
        .where('commit_sha', '=', commit)
        .execute();
      return rows.map(toEntry);
    },
    save: async (job, entries) => {
      if (entries.length === 0) return;
      await db.transaction().execute(async (trx) => {
        for (const entry of entries) {
          await trx
            .insertInto('changelog_entries')
            .values({
              registry,
              repository_id: job.repositoryId,
              job: job.number,
              name: entry.name,
              version: entry.version,
              path: entry.path,
              commit_sha: entry.commit,
              branch: entry.branch,
              day: entry.date,
              created_at: context.clock.now(),
              ...writeText(context, entry),
            })
            .onConflict((conflict) => conflict.doNothing())
            .execute();
        }
      });
    },
    find: async (name, version) => {
      const row = await selectVersion(db, registry, name, version);
      return row === undefined ? undefined : { id: row.id, ...toEntry(row) };
    },
    findVersion: async (id) =>
      db
        .selectFrom('changelog_entries')
        .select(['name', 'version'])
        .where('registry', '=', registry)
        .where('id', '=', id)
        .executeTakeFirst(),
  };
}

export function buildWriteBacks(context: StoreContext): WriteBacks {
  const { db, clock, registry } = context;
  const update = (ids: readonly number[]) =>
    db.updateTable('changelog_write_backs').where('entry', 'in', [...ids]);
  return {
    listDue: async (limit) => listOpen(context, clock.now(), limit),
    listOwed: async () => listOpen(context, Number.MAX_SAFE_INTEGER, 1_000),
    settle: async (ids, state, detail) => {
      if (ids.length === 0) return;
      await update(ids)
        .set({ state, detail: context.redact(detail), settled_at: clock.now() })
        .execute();
    },
    joinPullRequest: async (ids, pullRequest, notBefore) => {
      await update(ids)
        .set({ state: 'in-pull-request', pull_request: pullRequest, not_before: notBefore, detail: null })
        .execute();
    },
    postpone: async (ids, notBefore, detail) => {
      await update(ids)
        .set((eb) => ({
          tries: eb('tries', '+', 1),
          not_before: notBefore,
          detail: context.redact(detail),
        }))
        .execute();
    },
    replace: async (name, version, entry) =>
      db.transaction().execute(async (trx) => {
        const row = await selectVersion(trx, registry, name, version);
        if (row === undefined) throw new Error('an entry that is replaced was never stored');
        await trx
          .updateTable('changelog_entries')
          .set(writeText(context, entry))
          .where('id', '=', row.id)
          .execute();
      }),
  };
}

/** Inside the transaction that ends a job: what it published owes its entries to the repository. */
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

/** Why entries of this job have not reached their repository yet, by folder. */
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

async function selectVersion(
  db: Db,
  registry: string,
  name: string,
  version: string,
): Promise<EntryRow | undefined> {
  return db
    .selectFrom('changelog_entries')
    .selectAll()
    .where('registry', '=', registry)
    .where('name', '=', name)
    .where('version', '=', version)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

function writeText(context: StoreContext, entry: ChangelogEntry) {
  return {
    body: context.redact(entry.body),
    moved: toJson(context, entry.moved),
    worded_by: entry.wordedBy,
    cited: toJson(context, entry.cited),
  };
}

function toEntry(row: EntryRow): ChangelogEntry {
  return {
    name: row.name,
    version: row.version,
    path: row.path,
    commit: row.commit_sha as CommitSha,
    branch: row.branch,
    date: row.day,
    body: row.body,
    moved: fromJson(row.moved),
    wordedBy: row.worded_by as WordedBy,
    cited: fromJson(row.cited),
  };
}
