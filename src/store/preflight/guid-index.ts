import { sql } from 'kysely';
import { isWithin, widenRange } from '../../domain/package/version-range.ts';
import type {
  GuidIndex,
  IndexedOwner,
  IndexedVersion,
  UnindexedVersion,
  VersionToIndex,
} from '../../ports/preflight.ts';
import { type Db, fromJson, type StoreContext, toJson } from '../engine/context.ts';
import { findAssemblyOwners, saveAssemblies } from './assembly-names.ts';

export function buildGuidIndex(context: StoreContext): GuidIndex {
  const { db } = context;
  return {
    save: async (version) =>
      context.relaxed.transaction().execute(async (trx) => save(context, trx, version)),
    saveUnreadable: async (version, problem) =>
      saveVersion(context, db, { ...version, fields: {}, findings: [], rules: [] }, context.redact(problem)),
    find: async (name, version) => find(context, name, version),
    findOwners: async (guids, exceptName) => findOwners(context, guids, exceptName),
    findAssemblyOwners: async (names, exceptName) => findAssemblyOwners(context, names, exceptName),
    listUnindexed: async (limit, retryBefore) => listUnindexed(context, limit, retryBefore),
  };
}

async function save(context: StoreContext, db: Db, version: VersionToIndex): Promise<void> {
  await saveVersion(context, db, version, null);
  await saveAssemblies(context, db, version);
  const known = new Map(
    (await listGuids(context, db, version.name)).map(({ guid, ...range }) => [guid, range]),
  );
  const rows = [...version.guids].map(([path, guid]) => ({
    guid,
    ...widenRange(known.get(guid), version.version, path),
  }));
  // Inserts all rows in one statement, because a package may have ten thousand.
  await sql`
    insert into guids (registry, guid, name, path, first_version, last_version)
    select ${context.registry}, value->>'guid', ${version.name}, value->>'path', value->>'first', value->>'last'
    from json_each(${JSON.stringify(rows)}) where true
    on conflict (registry, guid, name) do update set
      path = excluded.path, first_version = excluded.first_version, last_version = excluded.last_version
  `.execute(db);
}

async function saveVersion(
  context: StoreContext,
  db: Db,
  version: Omit<IndexedVersion, 'guids'>,
  problem: string | null,
): Promise<void> {
  await db
    .replaceInto('indexed_versions')
    .values({
      registry: context.registry,
      name: version.name,
      version: version.version,
      fields: toJson(context, version.fields),
      findings: toJson(context, version.findings),
      rules: toJson(context, version.rules),
      problem,
      indexed_at: context.clock.now(),
    })
    .execute();
}

async function listGuids({ registry }: StoreContext, db: Db, name: string) {
  const rows = await db
    .selectFrom('guids')
    .select(['guid', 'path', 'first_version', 'last_version'])
    .where('registry', '=', registry)
    .where('name', '=', name)
    .execute();
  return rows.map(({ guid, path, first_version: first, last_version: last }) => ({
    guid,
    path,
    first,
    last,
  }));
}

async function find(
  context: StoreContext,
  name: string,
  version: string,
): Promise<IndexedVersion | undefined> {
  const row = await context.db
    .selectFrom('indexed_versions')
    .select(['fields', 'findings', 'rules'])
    .where('registry', '=', context.registry)
    .where('name', '=', name)
    .where('version', '=', version)
    .where('problem', 'is', null)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const guids = new Map<string, string>();
  for (const { guid, path, ...range } of await listGuids(context, context.db, name)) {
    if (isWithin(range, version)) guids.set(path, guid);
  }
  return {
    name,
    version,
    guids,
    fields: fromJson(row.fields),
    findings: fromJson(row.findings),
    rules: fromJson(row.rules),
  };
}

async function findOwners(
  { db, registry }: StoreContext,
  guids: readonly string[],
  exceptName: string,
): Promise<ReadonlyMap<string, IndexedOwner>> {
  // The cross join fixes the order of the join: in the other order the whole list is parsed once for each row.
  const { rows } = await sql<{ guid: string; name: string; path: string; last_version: string }>`
    select guids.guid, guids.name, guids.path, guids.last_version
    from json_each(${JSON.stringify(guids)}) as wanted
    cross join guids on guids.registry = ${registry} and guids.guid = wanted.value
    where guids.name <> ${exceptName}
    order by guids.guid, guids.name desc
  `.execute(db);
  return new Map(rows.map(({ guid, name, path, last_version: version }) => [guid, { name, path, version }]));
}

async function listUnindexed(
  { db, registry }: StoreContext,
  limit: number,
  retryBefore: number,
): Promise<readonly UnindexedVersion[]> {
  const { rows } = await sql<UnindexedVersion>`
    with wanted as (
      select name, version from intents where registry = ${registry} and state = 'stored'
      union
      select name, latest from registry_names
      where registry = ${registry} and state = 'present' and latest is not null
    )
    select wanted.name, wanted.version from wanted
    left join indexed_versions as known
      on known.registry = ${registry} and known.name = wanted.name and known.version = wanted.version
    where known.name is null or (known.problem is not null and known.indexed_at < ${retryBefore})
    order by wanted.name, wanted.version limit ${limit}
  `.execute(db);
  return rows;
}
