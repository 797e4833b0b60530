import { byPublisher } from '../../domain/job/actor.ts';
import type { HeadPackage, Lookup, RegistryEntry, RepositoryHead } from '../../domain/package/catalog.ts';
import type { CommitSha, RepositoryId } from '../../domain/repository/repository.ts';
import type { Catalog, NameClaim } from '../../ports/catalog.ts';
import { insertAudit } from '../audit/audit-rows.ts';
import { type Db, type StoreContext, toJson } from '../engine/context.ts';
import { listRows } from './catalog-rows.ts';
import { buildSettledLookups } from './settled-lookups.ts';

/** Rows per insert statement. SQLite allows 32,766 values in a statement; fewer rows also keep its text small. */
const rowsPerStatement = 200;

export function buildCatalog(context: StoreContext): Catalog {
  const { db, clock, relaxed } = context;
  const inTransaction = async <T>(work: (trx: Db) => Promise<T>): Promise<T> =>
    db.transaction().execute(work);
  return {
    findHead: async (repositoryId) => {
      const row = await db
        .selectFrom('repository_heads')
        .select(['branch', 'commit_sha'])
        .where('repository_id', '=', repositoryId)
        .executeTakeFirst();
      if (row === undefined || row.branch === null || row.commit_sha === null) return undefined;
      return { branch: row.branch, commit: row.commit_sha as CommitSha };
    },
    listHeadPackages: async (repositoryId) => listHeadPackages(db, repositoryId),
    saveHead: async (repositoryId, head, packages) =>
      relaxed.transaction().execute(async (trx) => {
        const checked = { repository_id: repositoryId, checked_at: clock.now(), last_error: null };
        await trx
          .replaceInto('repository_heads')
          .values({ ...checked, branch: cleanBranch(context, head), commit_sha: head?.commit ?? null })
          .execute();
        if (packages !== undefined) await replacePackages(context, trx, repositoryId, packages);
      }),
    saveHeadError: async (repositoryId, why) => {
      const failed = { checked_at: clock.now(), last_error: context.redact(why) };
      await db
        .insertInto('repository_heads')
        .values({ repository_id: repositoryId, branch: null, commit_sha: null, ...failed })
        .onConflict((conflict) => conflict.column('repository_id').doUpdateSet(failed))
        .execute();
    },
    ...buildSettledLookups(context),
    saveLookups: async (lookups) =>
      relaxed.transaction().execute(async (trx) => saveLookups(context, trx, lookups)),
    listRows: async (filter) => listRows(context, filter),
    claimNames: async (claims) => inTransaction(async (trx) => claimNames(context, trx, claims)),
    countUnread: async () => {
      const { unread } = await db
        .selectFrom('repositories')
        .leftJoin('repository_heads', 'repository_heads.repository_id', 'repositories.id')
        .select((eb) => eb.fn.countAll<number>().as('unread'))
        .where('status', '=', 'active')
        .where('commit_sha', 'is', null)
        .where((eb) => eb.or([eb('checked_at', 'is', null), eb('last_error', 'is not', null)]))
        .executeTakeFirstOrThrow();
      return unread;
    },
  };
}

function cleanBranch(context: StoreContext, head: RepositoryHead | undefined): string | null {
  return head === undefined ? null : context.redact(head.branch);
}

async function listHeadPackages(db: Db, repositoryId: RepositoryId): Promise<readonly HeadPackage[]> {
  const rows = await db
    .selectFrom('head_packages')
    .select(['path', 'name', 'version', 'manifest_oid', 'exclusion'])
    .where('repository_id', '=', repositoryId)
    .execute();
  return rows.map((row) => ({
    path: row.path,
    name: row.name,
    version: row.version ?? undefined,
    manifestOid: row.manifest_oid,
    exclusion: row.exclusion ?? undefined,
  }));
}

async function replacePackages(
  context: StoreContext,
  db: Db,
  repositoryId: RepositoryId,
  packages: readonly HeadPackage[],
): Promise<void> {
  await db.deleteFrom('head_packages').where('repository_id', '=', repositoryId).execute();
  const rows = packages.map((known) => ({
    repository_id: repositoryId,
    path: known.path,
    name: context.redact(known.name),
    version: known.version === undefined ? null : context.redact(known.version),
    manifest_oid: known.manifestOid,
    exclusion: known.exclusion === undefined ? null : context.redact(known.exclusion),
    seen_at: context.clock.now(),
  }));
  for (const chunk of chunksOf(rows)) await db.insertInto('head_packages').values(chunk).execute();
}

async function saveLookups(context: StoreContext, db: Db, lookups: readonly Lookup[]): Promise<void> {
  const answers = lookups.filter((lookup) => lookup.state !== 'unknown');
  for (const chunk of chunksOf(answers)) {
    await db
      .replaceInto('registry_names')
      .values(chunk.map((lookup) => toRow(context, lookup)))
      .execute();
  }
  const unknown = lookups.filter((lookup) => lookup.state === 'unknown');
  for (const chunk of chunksOf(unknown)) {
    await db
      .insertInto('registry_names')
      .values(chunk.map((lookup) => toRow(context, lookup)))
      .onConflict((conflict) =>
        conflict.columns(['registry', 'name']).doUpdateSet((eb) => ({
          state: eb.ref('excluded.state'),
          last_error: eb.ref('excluded.last_error'),
        })),
      )
      .execute();
  }
}

const noEntry: RegistryEntry = {
  latest: undefined,
  highest: undefined,
  highestStable: undefined,
  distTags: {},
  versions: [],
  repositoryUrl: undefined,
};

function toRow(context: StoreContext, lookup: Lookup) {
  const entry = lookup.state === 'present' ? lookup.entry : noEntry;
  const isUnknown = lookup.state === 'unknown';
  return {
    registry: context.registry,
    name: lookup.name,
    state: lookup.state,
    latest: entry.latest ?? null,
    highest: entry.highest ?? null,
    highest_stable: entry.highestStable ?? null,
    dist_tags: toJson(context, entry.distTags),
    versions: JSON.stringify(entry.versions),
    repository_url: entry.repositoryUrl === undefined ? null : context.redact(entry.repositoryUrl),
    checked_at: isUnknown ? null : context.clock.now(),
    last_error: isUnknown ? context.redact(lookup.why) : null,
  };
}

/** Gives each free name to its claimant and returns how many it gave; a name that has an owner by now keeps it. */
async function claimNames(context: StoreContext, db: Db, claims: readonly NameClaim[]): Promise<number> {
  const { registry, clock } = context;
  const claimed = new Map<number, string[]>();
  for (const chunk of chunksOf(claims)) {
    const rows = await db
      .insertInto('name_owners')
      .values(
        chunk.map(({ name, repositoryId, how }) => ({
          registry,
          name,
          repository_id: repositoryId,
          how,
          since: clock.now(),
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .returning(['name', 'repository_id'])
      .execute();
    for (const row of rows) {
      claimed.set(row.repository_id, [...(claimed.get(row.repository_id) ?? []), row.name]);
    }
  }
  for (const [repository, names] of claimed) {
    const { slug } = await db
      .selectFrom('repositories')
      .select('slug')
      .where('id', '=', repository)
      .executeTakeFirstOrThrow();
    const entry = { action: 'owner-seeded', actor: byPublisher, subject: slug, facts: { names } };
    await insertAudit(context, db, entry);
  }
  return [...claimed.values()].flat().length;
}

function* chunksOf<T>(rows: readonly T[]): Generator<T[]> {
  for (let from = 0; from < rows.length; from += rowsPerStatement) {
    yield rows.slice(from, from + rowsPerStatement);
  }
}
