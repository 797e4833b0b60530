import { failure } from '../../domain/failure/failure.ts';
import { aliveStatuses } from '../../domain/job/job-status.ts';
import {
  newRepository,
  type Repository,
  type RepositoryId,
  type Slug,
} from '../../domain/repository/repository.ts';
import type { Removal, RepositoryChange, RepositoryRegister } from '../../ports/repositories.ts';
import { insertAudit } from '../audit/audit-rows.ts';
import { findOwner } from '../catalog/ledger.ts';
import type { Db, StoreContext } from '../engine/context.ts';
import { endUnrun } from '../jobs/job-rows.ts';
import { toRepository } from './repositories.ts';

export function buildRegister(context: StoreContext): RepositoryRegister {
  const inTransaction = async <T>(work: (trx: Db) => Promise<T>): Promise<T> =>
    context.db.transaction().execute(work);
  return {
    add: async (slug, by) => inTransaction(async (trx) => add(context, trx, slug, by)),
    change: async (id, change, changes, by) =>
      inTransaction(async (trx) => {
        const repository = await update(context, trx, id, change);
        const subject = repository.slug;
        await insertAudit(context, trx, {
          action: 'repository-changed',
          actor: by,
          subject,
          facts: { changes },
        });
        return repository;
      }),
    remove: async (id, by) => inTransaction(async (trx) => remove(context, trx, id, by)),
    setOwner: async (name, id, by) => inTransaction(async (trx) => setOwner(context, trx, name, id, by)),
  };
}

async function add(context: StoreContext, db: Db, slug: Slug, by: string): Promise<Repository> {
  const known = await db.selectFrom('repositories').selectAll().where('slug', '=', slug).executeTakeFirst();
  if (known !== undefined && known.removed_at === null) return toRepository(known);
  const now = context.clock.now();
  const { branches, scopes, rules, ...plain } = newRepository;
  const fresh = {
    slug,
    ...plain,
    branches: JSON.stringify(branches),
    scopes: JSON.stringify(scopes),
    rules: JSON.stringify(rules),
    updated_at: now,
    removed_at: null,
  };
  const row = await db
    .insertInto('repositories')
    .values({ ...fresh, github_id: null, created_at: now })
    .onConflict((conflict) => conflict.column('slug').doUpdateSet(fresh))
    .returningAll()
    .executeTakeFirstOrThrow();
  // Closes an open pull request that removes the dispatcher: it belongs to the earlier registration, and merging it
  // must not disable the new one.
  await db
    .updateTable('registrations')
    .set({ state: 'closed' })
    .where('repository_id', '=', row.id)
    .where('state', '=', 'open')
    .execute();
  const facts = { again: known !== undefined };
  await insertAudit(context, db, { action: 'repository-added', actor: by, subject: row.slug, facts });
  return toRepository(row);
}

async function update(
  context: StoreContext,
  db: Db,
  id: RepositoryId,
  change: RepositoryChange,
): Promise<Repository> {
  const { branches, scopes, rules, ...plain } = change;
  const row = await db
    .updateTable('repositories')
    .set({
      ...plain,
      ...(branches === undefined ? {} : { branches: JSON.stringify(branches) }),
      ...(scopes === undefined ? {} : { scopes: JSON.stringify(scopes) }),
      ...(rules === undefined ? {} : { rules: JSON.stringify(rules) }),
      updated_at: context.clock.now(),
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return toRepository(row);
}

/** Removes a repository. Its row stays for the history of its jobs but is not found among active repositories. */
async function remove(context: StoreContext, db: Db, id: RepositoryId, by: string): Promise<Removal> {
  const now = context.clock.now();
  const { slug } = await db
    .updateTable('repositories')
    .set({ status: 'disabled', removed_at: now, updated_at: now })
    .where('id', '=', id)
    .returning('slug')
    .executeTakeFirstOrThrow();
  const owned = await db
    .deleteFrom('name_owners')
    .where('repository_id', '=', id)
    .returning('name')
    .execute();
  for (const table of ['head_packages', 'repository_heads', 'package_cache'] as const) {
    await db.deleteFrom(table).where('repository_id', '=', id).execute();
  }
  const jobs = await db
    .selectFrom('jobs')
    .selectAll()
    .where('repository_id', '=', id)
    .where('status', 'in', aliveStatuses)
    .orderBy('number')
    .execute();
  const queued = jobs.filter((job) => job.status === 'queued');
  const why = failure('cancelled', { by: context.redact(by) });
  for (const job of queued) {
    const entry = { action: 'job-cancelled', actor: by, subject: `#${job.number}`, facts: { removed: slug } };
    await insertAudit(context, db, entry);
    await endUnrun(context, db, job, why);
  }
  const pullRequest = await letGo(db, id);
  const removal: Removal = {
    pullRequest,
    names: owned.map((row) => row.name),
    cancelled: queued.map((job) => job.number),
    running: jobs.filter((job) => job.status === 'running').map((job) => job.number),
  };
  await insertAudit(context, db, {
    action: 'repository-removed',
    actor: by,
    subject: slug,
    facts: { names: removal.names, cancelled: removal.cancelled },
  });
  return removal;
}

/**
 * Closes the open registration, so that merging its pull request later does not bring the repository back. A pull
 * request that removes the dispatcher is still followed.
 */
async function letGo(db: Db, id: RepositoryId): Promise<number | undefined> {
  const row = await db
    .updateTable('registrations')
    .set({ state: 'closed' })
    .where('repository_id', '=', id)
    .where('kind', '=', 'add')
    .where('state', '=', 'open')
    .returning('pull_request')
    .executeTakeFirst();
  return row?.pull_request;
}

async function setOwner(
  context: StoreContext,
  db: Db,
  name: string,
  id: RepositoryId,
  by: string,
): Promise<Slug | undefined> {
  const { registry, clock } = context;
  const before = await findOwner(db, registry, name);
  await db
    .replaceInto('name_owners')
    .values({ registry, name, repository_id: id, how: 'operator', since: clock.now() })
    .execute();
  const after = await findOwner(db, registry, name);
  const facts = { from: before?.slug ?? null, to: after?.slug ?? null };
  await insertAudit(context, db, { action: 'owner-set', actor: by, subject: name, facts });
  return before?.slug;
}
