import { chmod, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Clock } from '../../ports/clock.ts';
import type { DatabaseBackups } from '../../ports/system.ts';
import { listBackups, nameBackup, unfinished } from './backup-files.ts';

export interface BackupOptions {
  /** Path of `publisher.db`, which the store keeps open on its own connection. */
  readonly database: string;
  /** Where the copies go; created when missing. */
  readonly folder: string;
  readonly clock: Pick<Clock, 'now'>;
}

type Sqlite3 = Sqlite.Database;

export function buildBackups({ database, folder, clock }: BackupOptions): DatabaseBackups {
  return {
    make: async (signal) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await removeUnfinished(folder);
      const file = join(folder, nameBackup(clock.now()));
      const copy = `${file}${unfinished}`;
      try {
        const rows = await copyDatabase(database, copy, signal);
        await chmod(copy, 0o600);
        await syncToDisk(copy);
        const { size } = await stat(copy);
        signal.throwIfAborted();
        await rename(copy, file);
        await syncToDisk(folder);
        return { file, bytes: size, rows };
      } catch (error) {
        await removeUnfinished(folder).catch(() => undefined);
        throw error;
      }
    },
    list: async () => listBackups(folder, clock.now()),
    remove: async ({ file }) => rm(file, { force: true }),
  };
}

async function removeUnfinished(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.includes(unfinished));
  for (const name of names) await rm(join(folder, name), { force: true });
}

/**
 * Copies the database and returns its number of rows. Uses its own connection, whose transaction keeps a steady view
 * of what is copied and counted.
 */
async function copyDatabase(database: string, copy: string, signal: AbortSignal): Promise<number> {
  const source = new Sqlite(database, { readonly: true, timeout: 5_000 });
  try {
    source.exec('begin');
    const expected = countRows(source);
    await source.backup(copy, {
      progress: () => {
        signal.throwIfAborted();
        return pagesAtOnce;
      },
    });
    source.exec('commit');
    const found = checkCopy(copy);
    if (JSON.stringify(found) !== JSON.stringify(expected)) {
      throw new Error('the copy of the database does not hold what the database holds');
    }
    return Object.values(found).reduce((sum, count) => sum + count, 0);
  } finally {
    source.close();
  }
}

/** Pages copied in one step; each step blocks the process for a moment. */
const pagesAtOnce = 500;

/** Returns the number of rows of each table. Throws when the copy is damaged. */
function checkCopy(file: string): Readonly<Record<string, number>> {
  const copy = new Sqlite(file);
  try {
    // Leaves one file, without a write-ahead log beside it.
    copy.pragma('journal_mode = DELETE');
    const check = copy.pragma('quick_check', { simple: true });
    if (check !== 'ok') throw new Error(`the copy of the database is damaged: ${String(check)}`);
    return countRows(copy);
  } finally {
    copy.close();
  }
}

function countRows(sqlite: Sqlite3): Readonly<Record<string, number>> {
  const listed = sqlite.prepare("select name from sqlite_schema where type = 'table' order by name").pluck();
  const tables = listed.all() as readonly string[];
  return Object.fromEntries(
    tables.map((table) => {
      const count = sqlite
        .prepare(`select count(*) from "${table.replaceAll('"', '""')}"`)
        .pluck()
        .get();
      return [table, count as number];
    }),
  );
}

/** Flushes a file, or the names in a folder, to the disk. */
export async function syncToDisk(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
