import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import type { DatabaseBackups } from '../../ports/system.ts';
import { listBackups } from './backup-files.ts';
import { migrations } from './migrations/index.ts';
import { buildOneWriterDialects, cacheStatements } from './one-writer.ts';
import type { Schema } from './schema.ts';
import { buildTroubles, type Troubles } from './troubles.ts';

/** Another process has locked the data folder. */
export class StoreLockedError extends Error {
  constructor(folder: string) {
    super(
      `Another process works with the data in ${folder}; stop it first, or give this one its own DATA_DIR`,
    );
    this.name = 'StoreLockedError';
  }
}

/** The file is not a sound database of ours, or cannot be written. The message says how to go on. */
export class StoreDamagedError extends Error {
  constructor(file: string, problem: string, remedy: string, options?: ErrorOptions) {
    super(`${file} cannot be used: ${problem}. ${remedy}`, options);
    this.name = 'StoreDamagedError';
  }
}

/** The database could not be copied before a migration. Nothing was changed. */
export class BackupFailedError extends Error {
  constructor(folder: string, options?: ErrorOptions) {
    super(
      `The database is to be migrated and could not be backed up to ${folder} before. Make room there, or set BACKUP_DIR to a folder that can be written, and start again`,
      options,
    );
    this.name = 'BackupFailedError';
  }
}

/** There is no database yet, or another version wrote its schema. The message says what to do. */
export class StoreNotReadableError extends Error {
  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(`${file} cannot be read: ${problem}`, options);
    this.name = 'StoreNotReadableError';
  }
}

type Sqlite3 = Sqlite.Database;

/** Locks the data folder for as long as the process lives; the kernel releases the lock when the process is killed. */
export function lockFolder(folder: string): { release(): void } {
  const lock = openLock(join(folder, 'publisher.lock'));
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    if (isSqliteError(error) && error.code.startsWith('SQLITE_BUSY')) throw new StoreLockedError(folder);
    throw findUselessLock(error, join(folder, 'publisher.lock')) ?? error;
  }
  return { release: () => void lock.close() };
}

function openLock(file: string): Sqlite3 {
  try {
    return new Sqlite(file, { timeout: 0 });
  } catch (error) {
    throw findUselessLock(error, file) ?? error;
  }
}

function findUselessLock(error: unknown, file: string): StoreDamagedError | undefined {
  if (!isDamage(error)) return findUnwritable(error, file);
  const remedy = 'It holds nothing and is only there to be locked: remove it and start again';
  return new StoreDamagedError(file, 'it is damaged', remedy, { cause: error });
}

export interface DatabaseOptions {
  readonly file: string;
  /** The folder of BACKUP_DIR. */
  readonly backupFolder: string;
  readonly backups: Pick<DatabaseBackups, 'make'>;
}

/**
 * Opens, checks and migrates the database; backs it up before migrating. Throws StoreDamagedError and
 * BackupFailedError.
 */
export async function openDatabase(
  options: DatabaseOptions,
): Promise<{ db: Kysely<Schema>; relaxed: Kysely<Schema>; sqlite: Sqlite3; troubles: Troubles }> {
  const { file, backupFolder } = options;
  let sqlite: Sqlite3 | undefined;
  try {
    refuseEmptied(options);
    sqlite = new Sqlite(file, { timeout: 5_000 });
    refuseStranger(sqlite, file);
    sqlite.pragma('journal_mode = WAL');
    // A 202 promises that the dispatch is on disk, not only in the page cache.
    sqlite.pragma('synchronous = FULL');
    sqlite.pragma('foreign_keys = ON');
    sqlite.pragma('trusted_schema = OFF');
    const check = sqlite.pragma('quick_check', { simple: true });
    if (check !== 'ok') throw new StoreDamagedError(file, 'it is damaged', wordRecovery(backupFolder));
    await migrate(sqlite, options);
  } catch (error) {
    sqlite?.close();
    throw findDamage(error, options) ?? findUnwritable(error, file) ?? error;
  }
  const troubles = buildTroubles((error) => findDamage(error, options));
  const { durable, relaxed } = buildOneWriterDialects(sqlite, () => troubles.check());
  const open = (dialect: SqliteDialect): Kysely<Schema> =>
    new Kysely<Schema>({
      dialect,
      log: (event) => {
        if (event.level === 'error') troubles.notice(event.error);
      },
    });
  return { db: open(durable), relaxed: open(relaxed), sqlite, troubles };
}

/** Throws for a database that we did not create, before anything is written to it. */
function refuseStranger(sqlite: Sqlite3, file: string): void {
  const tables = sqlite.prepare("select name from sqlite_schema where type = 'table'").pluck().all();
  if (tables.length === 0 || tables.includes('migrations')) return;
  const remedy = 'Set DATA_DIR to another folder, or move that file away';
  throw new StoreDamagedError(file, 'it is a database of another program', remedy);
}

/**
 * Throws for an empty file where backups exist: SQLite would take it for a new database, but a bad disk has emptied
 * ours.
 */
function refuseEmptied({ file, backupFolder }: DatabaseOptions): void {
  const isEmpty = statSync(file, { throwIfNoEntry: false })?.size === 0;
  if (!isEmpty || listBackups(backupFolder, Date.now()).length === 0) return;
  throw new StoreDamagedError(file, 'it is empty, and there are backups of it', wordRecovery(backupFolder));
}

function findDamage(error: unknown, { file, backupFolder }: DatabaseOptions): StoreDamagedError | undefined {
  if (!isDamage(error)) return undefined;
  return new StoreDamagedError(file, 'it is damaged', wordRecovery(backupFolder), { cause: error });
}

function isDamage(error: unknown): boolean {
  return isSqliteError(error) && damageCodes.some((code) => error.code.startsWith(code));
}

const damageCodes = ['SQLITE_NOTADB', 'SQLITE_CORRUPT'] as const;
const unwritableCodes = [
  'SQLITE_FULL',
  'SQLITE_READONLY',
  'SQLITE_CANTOPEN',
  'SQLITE_PERM',
  'SQLITE_IOERR',
] as const;

function wordRecovery(backupFolder: string): string {
  const [newest] = listBackups(backupFolder, Date.now());
  const restore =
    newest === undefined
      ? `There is no backup in ${backupFolder}; restore one from elsewhere (npm run restore -- --from <file>)`
      : `Restore the newest backup: npm run restore -- --from ${newest.file}`;
  return (
    `${restore}. Or move the file away and start with an empty one: ` +
    'what the registry holds is recognised again, open jobs and the audit trail are lost'
  );
}

function findUnwritable(error: unknown, file: string): StoreDamagedError | undefined {
  if (!isSqliteError(error) || !unwritableCodes.some((code) => error.code.startsWith(code))) return undefined;
  const remedy =
    error.code === 'SQLITE_FULL'
      ? 'Free space on its volume, and start again'
      : 'Let the user of this process write the folder and its files, on a volume that is mounted for writing, and start again';
  return new StoreDamagedError(file, `it cannot be written (${error.code})`, remedy, { cause: error });
}

/**
 * Opens a database for reading beside the process that uses it: takes no lock and writes nothing. Throws
 * StoreNotReadableError.
 */
export function openForReading(file: string): Kysely<Schema> {
  if (!existsSync(file)) throw new StoreNotReadableError(file, 'there is none; check DATA_DIR');
  let sqlite: Sqlite3 | undefined;
  try {
    sqlite = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: 5_000 });
    sqlite.pragma('trusted_schema = OFF');
    const known = sqlite.prepare('select name from migrations order by name').pluck().all();
    const ours = migrations.map(({ name }) => name).toSorted();
    if (JSON.stringify(known) !== JSON.stringify(ours))
      throw new StoreNotReadableError(file, 'another version of this program wrote it; start that one first');
  } catch (error) {
    sqlite?.close();
    if (!isSqliteError(error)) throw error;
    throw new StoreNotReadableError(file, wordReadError(error.code), { cause: error });
  }
  return new Kysely<Schema>({ dialect: new SqliteDialect({ database: cacheStatements(sqlite) }) });
}

function wordReadError(code: string): string {
  if (code.startsWith('SQLITE_CANTOPEN')) return 'it may not be opened; check who owns DATA_DIR';
  return code === 'SQLITE_ERROR' ? 'it is empty; start the process once' : `it is damaged (${code})`;
}

async function migrate(sqlite: Sqlite3, { file, backupFolder, backups }: DatabaseOptions): Promise<void> {
  sqlite.exec(
    'create table if not exists migrations (name text primary key, applied_at integer not null) strict',
  );
  const rows = sqlite.prepare('select name from migrations').all() as { name: string }[];
  const applied = new Set(rows.map((row) => row.name));
  const unknown = [...applied].find((name) => !migrations.some((migration) => migration.name === name));
  if (unknown !== undefined) {
    const problem = `a newer version of this program wrote it (${unknown})`;
    throw new StoreDamagedError(file, problem, wordRecovery(backupFolder));
  }
  const missing = migrations.filter(({ name }) => !applied.has(name));
  if (missing.length > 0 && applied.size > 0) {
    await backups.make(new AbortController().signal).catch((error: unknown) => {
      throw new BackupFailedError(backupFolder, { cause: error });
    });
  }
  for (const migration of missing) {
    sqlite
      .transaction(() => {
        sqlite.exec(migration.sql);
        sqlite.prepare('insert into migrations values (?, ?)').run(migration.name, Date.now());
      })
      .immediate();
  }
}

export function isSqliteError(error: unknown): error is InstanceType<typeof Sqlite.SqliteError> {
  return error instanceof Sqlite.SqliteError;
}
