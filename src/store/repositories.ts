import type { Selectable } from 'kysely';
import type { PublishMode, Repository, RepositoryId, RepositoryStatus, Slug } from '../domain/repository.ts';
import type { Repositories } from '../ports/repositories.ts';
import { fromJson, type StoreContext } from './context.ts';
import type { Schema } from './schema.ts';

export function buildRepositories(context: StoreContext): Repositories {
  const { db, clock } = context;
  return {
    findBySlug: async (slug) => {
      // The column compares without case.
      const row = await db.selectFrom('repositories').selectAll().where('slug', '=', slug).executeTakeFirst();
      return row === undefined ? undefined : toRepository(row);
    },
    find: async (id) => {
      const row = await db.selectFrom('repositories').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : toRepository(row);
    },
    list: async () => {
      const rows = await db.selectFrom('repositories').selectAll().orderBy('id').execute();
      return rows.map(toRepository);
    },
    addUnknown: async (entries) =>
      db.transaction().execute(async (trx) => {
        let added = 0;
        for (const entry of entries) {
          const now = clock.now();
          const done = await trx
            .insertInto('repositories')
            .values({
              slug: entry.slug,
              github_id: null,
              status: entry.status,
              mode: entry.mode ?? 'live',
              branches: JSON.stringify(entry.branches ?? []),
              scopes: JSON.stringify(entry.scopes ?? []),
              created_at: now,
              updated_at: now,
            })
            .onConflict((conflict) => conflict.column('slug').doNothing())
            .executeTakeFirst();
          added += Number(done.numInsertedOrUpdatedRows ?? 0);
        }
        return added;
      }),
  };
}

export function toRepository(row: Selectable<Schema['repositories']>): Repository {
  return {
    id: row.id as RepositoryId,
    slug: row.slug as Slug,
    status: row.status as RepositoryStatus,
    mode: row.mode as PublishMode,
    branches: fromJson(row.branches),
    scopes: fromJson(row.scopes),
  };
}
