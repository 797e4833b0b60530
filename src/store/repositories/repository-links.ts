import { byGitHub } from '../../domain/job/actor.ts';
import type {
  CommitSha,
  Repository,
  RepositoryId,
  RepositoryStatus,
  Slug,
} from '../../domain/repository/repository.ts';
import { nameOfReplaced } from '../../domain/repository/repository.ts';
import type { Relinked, RepositoryLinks } from '../../ports/repositories.ts';
import { insertAudit } from '../audit/audit-rows.ts';
import type { Db, StoreContext } from '../engine/context.ts';
import { toRepository } from './repositories.ts';

export function buildRepositoryLinks(context: StoreContext): RepositoryLinks {
  const { db } = context;
  return {
    findByGitHub: async (githubId, slug) =>
      db.transaction().execute(async (trx) => findByGitHub(context, trx, githubId, slug)),
    findGitHubId: async (id) => {
      const row = await db
        .selectFrom('repositories')
        .select('github_id')
        .where('id', '=', id)
        .executeTakeFirst();
      return row?.github_id ?? undefined;
    },
    confirmOwner: async (id, ownerId) =>
      db.transaction().execute(async (trx) => confirmOwner(context, trx, id, ownerId)),
    isNameTaken: async (slug) => {
      const row = await db
        .selectFrom('repositories')
        .select('id')
        .where('slug', '=', slug)
        .executeTakeFirst();
      return row !== undefined;
    },
    relink: async (id, now, by) =>
      db.transaction().execute(async (trx) => relink(context, trx, { id, now, by })),
    rename: async (id, slug) => db.transaction().execute(async (trx) => rename(context, trx, id, slug)),
    setStatus: async (id, status, actor) =>
      db.transaction().execute(async (trx) => setStatus(context, trx, { id, status, actor })),
    ...buildHeadMemory(context),
  };
}

type HeadMemory = Pick<RepositoryLinks, 'findSeenHead' | 'wasDispatched' | 'saveSeenHead'>;

function buildHeadMemory({ db, clock }: StoreContext): HeadMemory {
  return {
    findSeenHead: async (id, branch) => {
      const row = await db
        .selectFrom('seen_heads')
        .select('commit_sha')
        .where('repository_id', '=', id)
        .where('branch', '=', branch)
        .executeTakeFirst();
      return row?.commit_sha as CommitSha | undefined;
    },
    wasDispatched: async (id, commit) => {
      const row = await db
        .selectFrom('dispatches')
        .select('id')
        .where('repository_id', '=', id)
        .where('commit_sha', '=', commit)
        .where('package_path', '=', '')
        .executeTakeFirst();
      return row !== undefined;
    },
    saveSeenHead: async (id, branch, commit) => {
      await db
        .replaceInto('seen_heads')
        .values({ repository_id: id, branch, commit_sha: commit, seen_at: clock.now() })
        .execute();
    },
  };
}

async function findByGitHub(
  context: StoreContext,
  db: Db,
  githubId: number,
  slug: Slug,
): Promise<Repository | undefined> {
  const known = await db
    .selectFrom('repositories')
    .selectAll()
    .where('github_id', '=', githubId)
    .executeTakeFirst();
  if (known !== undefined) return toRepository(known);
  const named = await db.selectFrom('repositories').selectAll().where('slug', '=', slug).executeTakeFirst();
  if (named === undefined || named.github_id !== null) return undefined;
  await db
    .updateTable('repositories')
    .set({ github_id: githubId, updated_at: context.clock.now() })
    .where('id', '=', named.id)
    .execute();
  await insertAudit(context, db, {
    action: 'repository-linked',
    actor: byGitHub,
    subject: named.slug,
    facts: { githubId },
  });
  return toRepository(named);
}

async function rename(context: StoreContext, db: Db, id: RepositoryId, slug: Slug): Promise<boolean> {
  const row = await db.selectFrom('repositories').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  if (row.slug === slug) return false;
  const holder = await db.selectFrom('repositories').selectAll().where('slug', '=', slug).executeTakeFirst();
  if (holder !== undefined && holder.id !== id) {
    // Another repository has the name now, so nothing can be fetched by it any more.
    const gone = { slug: nameOfReplaced(holder.id as RepositoryId, slug), status: 'disabled' };
    await db.updateTable('repositories').set(gone).where('id', '=', holder.id).execute();
    const facts = { from: holder.status, to: gone.status, was: holder.slug };
    const entry = { action: 'repository-status', actor: byGitHub, subject: gone.slug, facts };
    await insertAudit(context, db, entry);
  }
  await db
    .updateTable('repositories')
    // The id of the new owner is learned later.
    .set({ slug, github_owner_id: null, updated_at: context.clock.now() })
    .where('id', '=', id)
    .execute();
  const facts = { from: row.slug };
  await insertAudit(context, db, { action: 'repository-renamed', actor: byGitHub, subject: slug, facts });
  return true;
}

async function confirmOwner(
  context: StoreContext,
  db: Db,
  id: RepositoryId,
  ownerId: number,
): Promise<boolean> {
  const row = await db
    .selectFrom('repositories')
    .select(['slug', 'github_owner_id'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return false;
  if (row.github_owner_id !== null) return row.github_owner_id === ownerId;
  await db.updateTable('repositories').set({ github_owner_id: ownerId }).where('id', '=', id).execute();
  const facts = { githubOwnerId: ownerId };
  const entry = { action: 'repository-linked', actor: byGitHub, subject: row.slug, facts };
  await insertAudit(context, db, entry);
  return true;
}

interface Relink {
  readonly id: RepositoryId;
  readonly now: Parameters<RepositoryLinks['relink']>[1];
  readonly by: string;
}

async function relink(context: StoreContext, db: Db, { id, now, by }: Relink): Promise<Relinked> {
  const holder = await db
    .selectFrom('repositories')
    .select(['id', 'slug'])
    .where('github_id', '=', now.githubId)
    .executeTakeFirst();
  if (holder !== undefined && holder.id !== id) return { kind: 'known', slug: holder.slug as Slug };
  const row = await db.selectFrom('repositories').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  await db
    .updateTable('repositories')
    .set({ github_id: now.githubId, github_owner_id: now.ownerId, updated_at: context.clock.now() })
    .where('id', '=', id)
    .execute();
  const facts = {
    from: row.github_id,
    to: now.githubId,
    ownerFrom: row.github_owner_id,
    ownerTo: now.ownerId,
  };
  await insertAudit(context, db, { action: 'repository-relinked', actor: by, subject: row.slug, facts });
  return {
    kind: 'relinked',
    hasOtherOwner: row.github_owner_id !== null && row.github_owner_id !== now.ownerId,
  };
}

interface StatusChange {
  readonly id: RepositoryId;
  readonly status: RepositoryStatus;
  readonly actor: string;
}

async function setStatus(
  context: StoreContext,
  db: Db,
  { id, status, actor }: StatusChange,
): Promise<boolean> {
  const row = await db.selectFrom('repositories').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined || row.status === status) return false;
  await db
    .updateTable('repositories')
    .set({ status, updated_at: context.clock.now() })
    .where('id', '=', id)
    .execute();
  const facts = { from: row.status, to: status };
  await insertAudit(context, db, { action: 'repository-status', actor, subject: row.slug, facts });
  return true;
}
