import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { parseSlug, type Slug } from '../../domain/repository/repository.ts';
import { isSqliteError, lockFolder, StoreLockedError } from './connection.ts';
import { migrations } from './migrations/index.ts';

export type Inspected =
  | { readonly kind: 'absent' }
  | { readonly kind: 'damaged'; readonly why: string }
  | {
      readonly kind: 'sound';
      /** True while another process uses the database. */
      readonly isLocked: boolean;
      /** Number of migrations that the next start applies. */
      readonly pending: number;
      /** Repositories that publish. */
      readonly active: readonly Slug[];
    };

/** Inspects the database of a folder without changing it, even while a process uses it. */
export function inspectDatabase(folder: string): Inspected {
  const file = join(folder, 'publisher.db');
  if (!existsSync(file)) return { kind: 'absent' };
  const isLocked = findLock(folder);
  let sqlite: Sqlite.Database | undefined;
  try {
    sqlite = new Sqlite(file, { readonly: true, timeout: 5_000 });
    if (sqlite.pragma('quick_check', { simple: true }) !== 'ok')
      return { kind: 'damaged', why: 'is damaged' };
    const applied = sqlite.prepare('select name from migrations').pluck().all() as string[];
    const newer = applied.find((name) => !migrations.some((migration) => migration.name === name));
    if (newer !== undefined)
      return { kind: 'damaged', why: `was written by a newer version of this program (${newer})` };
    const { length: pending } = migrations.filter(({ name }) => !applied.includes(name));
    const slugs = sqlite
      .prepare("select slug from repositories where status = 'active' order by slug")
      .pluck()
      .all() as string[];
    const active = slugs.map(parseSlug).filter((slug) => slug !== undefined);
    return { kind: 'sound', isLocked, pending, active };
  } catch (error) {
    if (!isSqliteError(error)) throw error;
    return { kind: 'damaged', why: `cannot be read (${error.code})` };
  } finally {
    sqlite?.close();
  }
}

function findLock(folder: string): boolean {
  try {
    lockFolder(folder).release();
    return false;
  } catch (error) {
    if (error instanceof StoreLockedError) return true;
    throw error;
  }
}
