import Sqlite from 'better-sqlite3';
import { type DiskFault, DiskTrouble } from '../../domain/failure/disk-trouble.ts';

/** Prefixes of SQLite’s error codes; extended codes begin with them. */
const faults: readonly (readonly [code: string, fault: DiskFault])[] = [
  ['SQLITE_FULL', 'full'],
  ['SQLITE_READONLY', 'read-only'],
  ['SQLITE_IOERR', 'broken'],
];

/** Throws DiskTrouble for an error of the volume, and any other error unchanged. */
export function throwTranslated(error: unknown): never {
  const code = error instanceof Sqlite.SqliteError ? error.code : '';
  const fault = faults.find(([known]) => code.startsWith(known))?.[1];
  throw fault === undefined ? error : new DiskTrouble(fault, { cause: error });
}
