import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
  type SqliteStatement,
} from 'kysely';
import { migrations } from './migrations/index.ts';
import type { Schema } from './schema.ts';

/** Another process holds the data. */
export class StoreLockedError extends Error {
  constructor(folder: string) {
    super(
      `Another process works with the data in ${folder}; stop it first, or give this one its own DATA_DIR`,
    );
    this.name = 'StoreLockedError';
  }
}

/** The file is not a sound database of ours. Says how to go on. */
export class StoreDamagedError extends Error {
  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(
      `${file} cannot be used: ${problem}. Restore it from a backup; or move it away and start with an empty one: ` +
        'what the registry holds is recognised again, open jobs and the audit trail are lost',
      options,
    );
    this.name = 'StoreDamagedError';
  }
}

/** There is no database yet, or its shape is of another version. Says what to do. */
export class StoreNotReadableError extends Error {
  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(`${file} cannot be read: ${problem}`, options);
    this.name = 'StoreNotReadableError';
  }
}

type Sqlite3 = Sqlite.Database;

/** Held as long as the process lives; the kernel releases it when the process is killed. */
export function lockFolder(folder: string): { release(): void } {
  const lock = new Sqlite(join(folder, 'publisher.lock'), { timeout: 0 });
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    if (isSqliteError(error) && error.code.startsWith('SQLITE_BUSY')) throw new StoreLockedError(folder);
    throw error;
  }
  return { release: () => void lock.close() };
}

/** Opens, checks and migrates. Throws StoreDamagedError. */
export function openDatabase(file: string): { db: Kysely<Schema>; sqlite: Sqlite3 } {
  let sqlite: Sqlite3 | undefined;
  try {
    sqlite = new Sqlite(file, { timeout: 5_000 });
    sqlite.pragma('journal_mode = WAL');
    // A 202 means that the dispatch is on disk, not in the page cache.
    sqlite.pragma('synchronous = FULL');
    sqlite.pragma('foreign_keys = ON');
    sqlite.pragma('trusted_schema = OFF');
    const check = sqlite.pragma('quick_check', { simple: true });
    if (check !== 'ok') throw new StoreDamagedError(file, 'it is damaged');
    migrate(sqlite, file);
  } catch (error) {
    sqlite?.close();
    if (
      isSqliteError(error) &&
      ['SQLITE_NOTADB', 'SQLITE_CORRUPT'].some((code) => error.code.startsWith(code))
    ) {
      throw new StoreDamagedError(file, 'it is damaged', { cause: error });
    }
    throw error;
  }
  return { db: new Kysely<Schema>({ dialect: new OneWriterDialect(sqlite) }), sqlite };
}

/**
 * Opens for reading beside a process that works with it: takes no lock, writes nothing. Throws StoreNotReadableError.
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

function migrate(sqlite: Sqlite3, file: string): void {
  sqlite.exec(
    'create table if not exists migrations (name text primary key, applied_at integer not null) strict',
  );
  const rows = sqlite.prepare('select name from migrations').all() as { name: string }[];
  const applied = new Set(rows.map((row) => row.name));
  const unknown = [...applied].find((name) => !migrations.some((migration) => migration.name === name));
  if (unknown !== undefined) {
    throw new StoreDamagedError(file, `a newer version of this program wrote it (${unknown})`);
  }
  for (const migration of migrations.filter(({ name }) => !applied.has(name))) {
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

const statementsKept = 300;

/** Statements are prepared once: Kysely's driver would do it for each query. */
function cacheStatements(sqlite: Sqlite3): SqliteDatabase {
  const known = new Map<string, SqliteStatement>();
  return {
    close: () => void sqlite.close(),
    prepare: (sql) => {
      const kept = known.get(sql);
      if (kept !== undefined) return kept;
      if (known.size >= statementsKept) known.clear();
      const statement = sqlite.prepare(sql) as unknown as SqliteStatement;
      known.set(sql, statement);
      return statement;
    },
  };
}

class OneWriterDialect extends SqliteDialect {
  readonly #sqlite: Sqlite3;
  constructor(sqlite: Sqlite3) {
    super({ database: cacheStatements(sqlite) });
    this.#sqlite = sqlite;
  }
  override createDriver(): Driver {
    return new ImmediateDriver(this.#sqlite);
  }
}

class ImmediateDriver extends SqliteDriver {
  readonly #sqlite: Sqlite3;
  constructor(sqlite: Sqlite3) {
    super({ database: cacheStatements(sqlite) });
    this.#sqlite = sqlite;
  }
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // A full disk makes SQLite roll back by itself; a second rollback would hide the cause.
    if (this.#sqlite.inTransaction) await super.rollbackTransaction(connection);
  }
}
