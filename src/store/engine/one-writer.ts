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

/** Dialects of the one connection that writes. */
export interface OneWriterDialects {
  /** What is written is on disk when the write resolves. */
  readonly durable: SqliteDialect;
  /**
   * What is written survives the process. If the machine loses its power before the next durable write, it is gone, and
   * with it nothing that was durable.
   */
  readonly relaxed: SqliteDialect;
}

/** Both take turns on the connection. `check` may refuse every statement. */
export function buildOneWriterDialects(sqlite: Sqlite3, check: () => void): OneWriterDialects {
  const driver = new ImmediateDriver(sqlite, check);
  const database = cacheStatements(sqlite);
  return {
    durable: new DriverDialect(database, driver),
    relaxed: new DriverDialect(database, new RelaxedDriver(sqlite, driver)),
  };
}

class DriverDialect extends SqliteDialect {
  readonly #driver: Driver;
  constructor(database: SqliteDatabase, driver: Driver) {
    super({ database });
    this.#driver = driver;
  }
  override createDriver(): Driver {
    return this.#driver;
  }
}

class ImmediateDriver extends SqliteDriver {
  readonly #sqlite: Sqlite3;
  #connection: DatabaseConnection | undefined;
  #opened: Promise<void> | undefined;
  #lastTurn: Promise<void> = Promise.resolve();
  #endTurn: () => void = () => undefined;
  constructor(sqlite: Sqlite3, check: () => void) {
    super({ database: cacheStatements(sqlite, check) });
    this.#sqlite = sqlite;
  }
  override async init(): Promise<void> {
    this.#opened ??= super.init();
    await this.#opened;
  }
  override async acquireConnection(): Promise<DatabaseConnection> {
    // Kysely takes turns within one instance only, and two of them share this connection.
    const before = this.#lastTurn;
    const turn = Promise.withResolvers<void>();
    this.#lastTurn = turn.promise;
    await before;
    this.#endTurn = turn.resolve;
    this.#connection ??= translate(await super.acquireConnection());
    return this.#connection;
  }
  override async releaseConnection(): Promise<void> {
    this.#endTurn();
  }
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // A full disk makes SQLite roll back by itself; a second rollback would fail and hide the cause.
    if (this.#sqlite.inTransaction) await super.rollbackTransaction(connection);
  }
}

/** Borrows the connection of the other driver, and commits without waiting for the disk meanwhile (`synchronous` of SQLite). */
class RelaxedDriver implements Driver {
  readonly #sqlite: Sqlite3;
  readonly #driver: ImmediateDriver;
  #connection: DatabaseConnection | undefined;
  constructor(sqlite: Sqlite3, driver: ImmediateDriver) {
    this.#sqlite = sqlite;
    this.#driver = driver;
  }
  async init(): Promise<void> {
    await this.#driver.init();
  }
  async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await this.#driver.acquireConnection();
    this.#sqlite.pragma('synchronous = NORMAL');
    // An object of its own: Kysely changes it for the instance that it belongs to.
    this.#connection ??= {
      executeQuery: async (query) => connection.executeQuery(query),
      streamQuery: (query, chunkSize) => connection.streamQuery(query, chunkSize),
    };
    return this.#connection;
  }
  async releaseConnection(): Promise<void> {
    this.#sqlite.pragma('synchronous = FULL');
    await this.#driver.releaseConnection();
  }
  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await this.#driver.beginTransaction(connection);
  }
  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await this.#driver.commitTransaction(connection);
  }
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await this.#driver.rollbackTransaction(connection);
  }
  async destroy(): Promise<void> {
    // The other driver closes it.
  }
}

/** Wraps a connection so that its queries throw DiskTrouble for errors of the volume. */
function translate(connection: DatabaseConnection): DatabaseConnection {
  return {
    executeQuery: async <R>(query: CompiledQuery) => connection.executeQuery<R>(query).catch(throwTranslated),
    streamQuery: (query, chunkSize) => connection.streamQuery(query, chunkSize),
  };
}
