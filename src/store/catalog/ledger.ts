import type { Selectable } from 'kysely';
import { byPublisher } from '../../domain/job/actor.ts';
import type { Integrity } from '../../domain/package/packument.ts';
import type { CommitSha, RepositoryId, Slug } from '../../domain/repository/repository.ts';
import type { Intent, IntentState, NameOwner, PublishLedger } from '../../ports/catalog.ts';
import { insertAudit } from '../audit/audit-rows.ts';
import type { Db, StoreContext } from '../engine/context.ts';
import type { Schema } from '../engine/schema.ts';
import { buildRefusedUploads } from './refused-uploads.ts';

export function buildLedger(context: StoreContext): PublishLedger {
  const { db, registry, relaxed } = context;
  return {
    ...buildRefusedUploads(context),
    findOwner: async (name) => findOwner(db, registry, name),
    claimName: async (name, repositoryId, how) =>
      db.transaction().execute(async (trx) => claimName(context, trx, name, repositoryId, how)),
    listHolders: async (name) => {
      const rows = await db
        .selectFrom('package_cache')
        .innerJoin('repositories', 'repositories.id', 'package_cache.repository_id')
        .select(['repositories.id', 'slug'])
        .distinct()
        .where('name', '=', name)
        .where('repositories.status', '=', 'active')
        .execute();
      return rows.map(toOwner);
    },
    listIntents: async (name, version) => {
      const rows = await db
        .selectFrom('intents')
        .selectAll()
        .where('registry', '=', registry)
        .where('name', '=', name)
        .where('version', '=', version)
        .orderBy('id', 'desc')
        .execute();
      return rows.map(toIntent);
    },
    recordIntent: async (intent) => recordIntent(context, intent),
    markIntent: async (id, state, mayLandUntil) => {
      // Before something is sent it is on disk, and the intent with it; what became of it the registry tells again.
      await (state === 'sent' ? db : relaxed)
        .updateTable('intents')
        .set({ state, may_land_until: mayLandUntil })
        .where('id', '=', id)
        .execute();
    },
  };
}

async function claimName(
  context: StoreContext,
  db: Db,
  name: string,
  repositoryId: RepositoryId,
  how: string,
): Promise<NameOwner> {
  const { registry } = context;
  const done = await db
    .insertInto('name_owners')
    .values({ registry, name, repository_id: repositoryId, how, since: context.clock.now() })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  const owner = await findOwner(db, registry, name);
  if (owner === undefined) throw new Error('a claimed name has no owner');
  if (Number(done.numInsertedOrUpdatedRows ?? 0) > 0) {
    const facts = { repository: owner.slug, how };
    const entry = { action: 'owner-claimed', actor: byPublisher, subject: name, facts };
    await insertAudit(context, db, entry);
  }
  return owner;
}

export async function findOwner(db: Db, registry: string, name: string): Promise<NameOwner | undefined> {
  const row = await db
    .selectFrom('name_owners')
    .innerJoin('repositories', 'repositories.id', 'name_owners.repository_id')
    .select(['repositories.id', 'slug'])
    .where('registry', '=', registry)
    .where('name', '=', name)
    .executeTakeFirst();
  return row === undefined ? undefined : toOwner(row);
}

async function recordIntent(
  context: StoreContext,
  intent: Omit<Intent, 'id' | 'state' | 'mayLandUntil'>,
): Promise<Intent> {
  const { tarball } = intent;
  const row = await context.relaxed
    .insertInto('intents')
    .values({
      registry: context.registry,
      name: intent.name,
      version: intent.version,
      job: intent.job,
      commit_sha: intent.commit,
      path: intent.path,
      dist_tag: intent.distTag,
      file: tarball.file,
      bytes: tarball.bytes,
      integrity: tarball.integrity,
      shasum: tarball.shasum,
      state: 'recorded',
      may_land_until: null,
      created_at: context.clock.now(),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return toIntent(row);
}

function toOwner(row: { id: number; slug: string }): NameOwner {
  return { repositoryId: row.id as RepositoryId, slug: row.slug as Slug };
}

function toIntent(row: Selectable<Schema['intents']>): Intent {
  return {
    id: row.id,
    name: row.name,
    version: row.version,
    job: row.job,
    commit: row.commit_sha as CommitSha,
    path: row.path,
    distTag: row.dist_tag,
    tarball: {
      file: row.file,
      bytes: row.bytes,
      integrity: row.integrity as Integrity,
      shasum: row.shasum,
    },
    state: row.state as IntentState,
    mayLandUntil: row.may_land_until,
  };
}
