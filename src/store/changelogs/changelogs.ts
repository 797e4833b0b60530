import type { Selectable } from 'kysely';
import type { ChangelogEntry, WordedBy, WordingFallback } from '../../domain/changelog/changelog.ts';
import type { CommitSha } from '../../domain/repository/repository.ts';
import type { ChangelogEntries } from '../../ports/changelogs.ts';
import { type Db, fromJson, type StoreContext, toJson } from '../engine/context.ts';
import type { Schema } from '../engine/schema.ts';

type EntryRow = Selectable<Schema['changelog_entries']>;

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
      return row && { id: row.id, ...toEntry(row) };
    },
    countFallbacks: async (from, to) => countFallbacks(context, from, to),
    findVersion: async (id) =>
      db
        .selectFrom('changelog_entries')
        .select(['name', 'version'])
        .where((eb) => eb.and({ registry, id }))
        .executeTakeFirst(),
  };
}

async function countFallbacks(
  { db, registry }: StoreContext,
  from: number,
  to: number,
): Promise<readonly WordingFallback[]> {
  const rows = await db
    .selectFrom('changelog_entries')
    .select((eb) => ['fallback as why', eb.fn.countAll<number>().as('times')])
    .where('registry', '=', registry)
    .where('created_at', '>=', from)
    .where('created_at', '<', to)
    .where('fallback', 'is not', null)
    .groupBy('fallback')
    .orderBy('times', 'desc')
    .orderBy('why')
    .execute();
  return rows.map(({ why, times }) => ({ why: why ?? '', times: Number(times) }));
}

export async function selectVersion(
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

export function writeText(context: StoreContext, entry: ChangelogEntry) {
  return {
    body: context.redact(entry.body),
    moved: toJson(context, entry.moved),
    worded_by: entry.wordedBy,
    fallback: entry.fallback ?? null,
    cited: toJson(context, entry.cited),
  };
}

export function toEntry(row: EntryRow): ChangelogEntry {
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
    ...(row.fallback === null ? {} : { fallback: row.fallback }),
    cited: fromJson(row.cited),
  };
}
