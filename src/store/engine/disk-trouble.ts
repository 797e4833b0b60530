import Sqlite from 'better-sqlite3';
import { type DiskFault, DiskTrouble } from '../../domain/failure/disk-trouble.ts';

/** Longer codes of SQLite begin like these. */
const faults: readonly (readonly [code: string, fault: DiskFault])[] = [
  ['SQLITE_FULL', 'full'],
  ['SQLITE_READONLY', 'read-only'],
  ['SQLITE_IOERR', 'broken'],
];

/** Throws DiskTrouble for what the volume refuses the database; every other error as it is. */
export function throwTranslated(error: unknown): never {
  const code = error instanceof Sqlite.SqliteError ? error.code : '';
  const fault = faults.find(([known]) => code.startsWith(known))?.[1];
  throw fault === undefined ? error : new DiskTrouble(fault, { cause: error });
}
