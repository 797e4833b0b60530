import type { Selectable } from 'kysely';
import { byRepositoriesFile } from '../../domain/job/actor.ts';
import type {
  FixMode,
  PublishMode,
  Repository,
  RepositoryEntry,
  RepositoryId,
  RepositoryStatus,
  Slug,
} from '../../domain/repository/repository.ts';
import { newRepository } from '../../domain/repository/repository.ts';
import type { Repositories } from '../../ports/repositories.ts';
import { insertAudit } from '../audit/audit-rows.ts';
import { type Db, fromJson, type StoreContext } from '../engine/context.ts';
import type { Schema } from '../engine/schema.ts';

export function buildRepositories(context: StoreContext): Repositories {
  const { db } = context;
  return {
    findBySlug: async (slug) => {
      // The column ignores case when it compares.
      const row = await db
        .selectFrom('repositories')
        .selectAll()
        .where('slug', '=', slug)
        .where('removed_at', 'is', null)
        .executeTakeFirst();
      return row === undefined ? undefined : toRepository(row);
    },
    find: async (id) => {
      const row = await db.selectFrom('repositories').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : toRepository(row);
    },
    list: async () => {
      const rows = await db
        .selectFrom('repositories')
        .selectAll()
        .where('removed_at', 'is', null)
        .orderBy('id')
        .execute();
      return rows.map(toRepository);
    },
    addUnknown: async (entries) =>
      db.transaction().execute(async (trx) => {
        let added = 0;
        for (const entry of entries) added += await addIfUnknown(context, trx, entry);
        return added;
      }),
  };
}

async function addIfUnknown(context: StoreContext, db: Db, entry: RepositoryEntry): Promise<number> {
  const now = context.clock.now();
  const done = await db
    .insertInto('repositories')
    .values({
      slug: entry.slug,
      github_id: null,
      status: entry.status,
      mode: entry.mode ?? newRepository.mode,
      fixes: entry.fixes ?? newRepository.fixes,
      branches: JSON.stringify(entry.branches ?? newRepository.branches),
      scopes: JSON.stringify(entry.scopes ?? newRepository.scopes),
      created_at: now,
      updated_at: now,
      removed_at: null,
    })
    .onConflict((conflict) => conflict.column('slug').doNothing())
    .executeTakeFirst();
  const added = Number(done.numInsertedOrUpdatedRows ?? 0);
  if (added > 0) {
    const { slug: subject, ...facts } = entry;
    const actor = byRepositoriesFile;
    await insertAudit(context, db, { action: 'repository-added', actor, subject, facts });
  }
  return added;
}

export function toRepository(row: Selectable<Schema['repositories']>): Repository {
  return {
    id: row.id as RepositoryId,
    slug: row.slug as Slug,
    status: row.status as RepositoryStatus,
    mode: row.mode as PublishMode,
    branches: fromJson(row.branches),
    scopes: fromJson(row.scopes),
    rules: fromJson(row.rules),
    fixes: row.fixes as FixMode,
  };
}
