import { join } from 'node:path';
import Sqlite from 'better-sqlite3';

/** Returns everything that is stored, without times at which somebody looked. */
export function dumpStored(folder: string): string {
  const db = new Sqlite(join(folder, 'publisher.db'), { readonly: true });
  const tables = db.prepare("select name from sqlite_schema where type = 'table'").pluck().all() as string[];
  const rows = Object.fromEntries(
    tables.map((table) => [table, db.prepare(`select * from ${table}`).all()] as const),
  );
  db.close();
  return JSON.stringify({ ...rows, packument_cache: [] });
}
