import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { throwTranslated } from '../../../src/store/engine/disk-trouble.ts';

const translated = async (error: unknown): Promise<never> => Promise.reject(error).catch(throwTranslated);

it.each([
  ['SQLITE_FULL', 'full'],
  ['SQLITE_READONLY_DBMOVED', 'read-only'],
  ['SQLITE_IOERR_WRITE', 'broken'],
])('the database’s code %s means trouble with a disk that is %s', async (code, fault) => {
  const error = new Sqlite.SqliteError('no', code);
  await expect(translated(error)).rejects.toMatchObject({ name: 'DiskTrouble', fault, cause: error });
});

it('a database error that is not about the disk passes unchanged', async () => {
  const error = new Sqlite.SqliteError('no', 'SQLITE_CORRUPT');
  await expect(translated(error)).rejects.toBe(error);
});
