import { sql } from 'kysely';
import { highestOf } from '../../domain/package/version.ts';
import type { IndexedOwner, VersionToIndex } from '../../ports/preflight.ts';
import type { Db, StoreContext } from '../engine/context.ts';

/**
 * Saves the assemblies of a package’s newest version: the name of an assembly that was renamed or moved to another
 * package is free again.
 */
export async function saveAssemblies(
  { registry }: StoreContext,
  db: Db,
  { name, version, assemblies }: VersionToIndex,
): Promise<void> {
  const read = await db
    .selectFrom('indexed_versions')
    .select('version')
    .where('registry', '=', registry)
    .where('name', '=', name)
    .where('problem', 'is', null)
    .execute();
  if (highestOf(read.map((row) => row.version)) !== version) return;
  await db.deleteFrom('assembly_names').where('registry', '=', registry).where('name', '=', name).execute();
  const byName = new Map(
    [...assemblies].map(([path, assembly]) => [assembly.toLowerCase(), { path, assembly }]),
  );
  const rows = [...byName].map(([folded, found]) => ({ registry, folded, name, version, ...found }));
  if (rows.length > 0) await insertAll(db, rows);
}

interface AssemblyRow {
  readonly registry: string;
  readonly folded: string;
  readonly name: string;
  readonly version: string;
  readonly path: string;
  readonly assembly: string;
}

/** Inserts all rows in one statement, because a package may have thousands. */
async function insertAll(db: Db, rows: readonly AssemblyRow[]): Promise<void> {
  await sql`
    insert into assembly_names (registry, folded, name, assembly, path, version)
    select value->>'registry', value->>'folded', value->>'name', value->>'assembly', value->>'path', value->>'version'
    from json_each(${JSON.stringify(rows)})
  `.execute(db);
}

export async function findAssemblyOwners(
  { db, registry }: StoreContext,
  assemblies: readonly string[],
  exceptName: string,
): Promise<ReadonlyMap<string, IndexedOwner>> {
  const folded = assemblies.map((assembly) => assembly.toLowerCase());
  const { rows } = await sql<IndexedOwner & { readonly folded: string }>`
    select owned.folded, owned.name, owned.path, owned.version
    from json_each(${JSON.stringify(folded)}) as wanted
    cross join assembly_names as owned on owned.registry = ${registry} and owned.folded = wanted.value
    where owned.name <> ${exceptName}
    order by owned.folded, owned.name desc
  `.execute(db);
  return new Map(rows.map(({ folded: key, name, path, version }) => [key, { name, path, version }]));
}
