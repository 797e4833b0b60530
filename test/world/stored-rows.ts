import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { World } from '../../sandbox/world.ts';

/** Reads rows of the process's own database, beside the process. */
export function readRows(world: World, sql: string, ...values: (string | number)[]): readonly unknown[] {
  const database = new Sqlite(join(world.folder, 'data', 'publisher.db'), { readonly: true, timeout: 5_000 });
  try {
    return database.prepare(sql).all(...values);
  } finally {
    database.close();
  }
}

/** Returns the first column of the only row. */
export function readCount(world: World, sql: string, ...values: (string | number)[]): number {
  const [row] = readRows(world, sql, ...values);
  return Number(Object.values(row as object)[0]);
}
