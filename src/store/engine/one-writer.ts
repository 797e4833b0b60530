import type Sqlite from 'better-sqlite3';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
  type SqliteStatement,
} from 'kysely';
import { throwTranslated } from './disk-trouble.ts';

type Sqlite3 = Sqlite.Database;

const statementsKept = 300;

/**
 * Caches prepared statements, which Kysely’s driver would prepare again for each query. `check` may throw to refuse
 * every statement.
 */
export function cacheStatements(sqlite: Sqlite3, check: () => void = () => undefined): SqliteDatabase {
  const known = new Map<string, SqliteStatement>();
  return {
    close: () => void sqlite.close(),
    prepare: (sql) => {
      check();
      const kept = known.get(sql);
      if (kept !== undefined) return kept;
      if (known.size >= statementsKept) known.clear();
      const statement = sqlite.prepare(sql) as unknown as SqliteStatement;
      known.set(sql, statement);
      return statement;
    },
  };
}

/** A dialect whose only connection is the one that writes. */
export class OneWriterDialect extends SqliteDialect {
  readonly #sqlite: Sqlite3;
  readonly #check: () => void;
  constructor(sqlite: Sqlite3, check: () => void) {
    super({ database: cacheStatements(sqlite) });
    this.#sqlite = sqlite;
    this.#check = check;
  }
  override createDriver(): Driver {
    return new ImmediateDriver(this.#sqlite, this.#check);
  }
}

class ImmediateDriver extends SqliteDriver {
  readonly #sqlite: Sqlite3;
  #connection: DatabaseConnection | undefined;
  constructor(sqlite: Sqlite3, check: () => void) {
    super({ database: cacheStatements(sqlite, check) });
    this.#sqlite = sqlite;
  }
  override async acquireConnection(): Promise<DatabaseConnection> {
    this.#connection ??= translate(await super.acquireConnection());
    return this.#connection;
  }
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // A full disk makes SQLite roll back by itself; a second rollback would fail and hide the cause.
    if (this.#sqlite.inTransaction) await super.rollbackTransaction(connection);
  }
}

/** Wraps a connection so that its queries throw DiskTrouble for errors of the volume. */
function translate(connection: DatabaseConnection): DatabaseConnection {
  return {
    executeQuery: async <R>(query: CompiledQuery) => connection.executeQuery<R>(query).catch(throwTranslated),
    streamQuery: (query, chunkSize) => connection.streamQuery(query, chunkSize),
  };
}
