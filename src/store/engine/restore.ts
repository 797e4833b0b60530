import { copyFile, link, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Clock } from '../../ports/clock.ts';
import { stampOf } from './backup-files.ts';
import { syncToDisk } from './backups.ts';
import { isSqliteError, lockFolder } from './connection.ts';
import { migrations } from './migrations/index.ts';

/** The backup cannot be used, or not by this version. Nothing was changed. */
export class BackupUnusableError extends Error {
  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(`${file} cannot be restored: ${problem}`, options);
    this.name = 'BackupUnusableError';
  }
}

export interface RestoreOptions {
  /** The folder of DATA_DIR. */
  readonly folder: string;
  /** The backup file; it is copied, not moved. */
  readonly from: string;
  readonly clock: Pick<Clock, 'now'>;
}

export interface Restored {
  /** Folder that holds the replaced database; undefined when there was none. */
  readonly keptIn: string | undefined;
}

/**
 * Replaces the database with a checked copy of a backup and keeps the old one. Throws StoreLockedError while a process
 * uses the folder, and BackupUnusableError. Can be run again after it was killed at any point.
 */
export async function restoreDatabase({ folder, from, clock }: RestoreOptions): Promise<Restored> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = lockFolder(folder);
  try {
    const database = join(folder, 'publisher.db');
    const copy = `${database}.restoring`;
    await rm(copy, { force: true });
    await copyBackup(from, copy);
    const keptIn = await keepAside(folder, database, clock.now());
    await rename(copy, database);
    await syncToDisk(folder);
    return { keptIn };
  } finally {
    lock.release();
  }
}

async function copyBackup(from: string, copy: string): Promise<void> {
  try {
    await copyFile(from, copy);
    checkBackup(from, copy);
    await syncToDisk(copy);
  } catch (error) {
    await rm(copy, { force: true });
    if (error instanceof BackupUnusableError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    const problem = isSqliteError(error) ? 'it is damaged or no database' : `it cannot be copied (${code})`;
    throw new BackupUnusableError(from, problem, { cause: error });
  }
}

function checkBackup(from: string, copy: string): void {
  const sqlite = new Sqlite(copy);
  try {
    // Leaves one file, without a write-ahead log that would stay behind.
    sqlite.pragma('journal_mode = DELETE');
    const check = sqlite.pragma('quick_check', { simple: true });
    if (check !== 'ok') throw new BackupUnusableError(from, 'it is damaged');
    const tables = sqlite.prepare("select count(*) from sqlite_schema where name = 'migrations'").pluck();
    if (tables.get() !== 1) throw new BackupUnusableError(from, 'it is no database of this program');
    const names = sqlite.prepare('select name from migrations').pluck().all() as readonly string[];
    const unknown = names.find((name) => !migrations.some((migration) => migration.name === name));
    if (unknown !== undefined) {
      throw new BackupUnusableError(from, `a newer version of this program wrote it (${unknown})`);
    }
  } finally {
    sqlite.close();
  }
}

/**
 * Keeps the old database in a folder of its own. Links the file instead of moving it, so that a start after a kill
 * finds it and not an empty folder. Moves its write-ahead log away, because SQLite would apply that log to the copy.
 */
async function keepAside(folder: string, database: string, now: number): Promise<string | undefined> {
  const aside = join(folder, `replaced-${stampOf(now)}`);
  await mkdir(aside, { recursive: true, mode: 0o700 });
  const kept = [await ifThere(async () => link(database, join(aside, 'publisher.db')))];
  for (const ending of ['-wal', '-shm']) {
    const moved = await ifThere(async () =>
      rename(`${database}${ending}`, join(aside, `publisher.db${ending}`)),
    );
    kept.push(moved);
  }
  if (kept.includes(true)) return aside;
  await rm(aside, { recursive: true });
  return undefined;
}

async function ifThere(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
