import { Outage, PublishError } from '../../domain/failure/failure.ts';
import type { Volume } from '../../ports/system.ts';

/** What the system and the database say when they cannot write; longer codes of SQLite begin like these. */
const wordings: readonly (readonly [code: string, words: string])[] = [
  ['ENOSPC', 'there is no room left'],
  ['EDQUOT', 'there is no room left'],
  ['SQLITE_FULL', 'there is no room left'],
  ['EROFS', 'it is mounted read-only'],
  ['SQLITE_READONLY', 'it is mounted read-only'],
  ['EIO', 'it does not read or write any more'],
  ['SQLITE_IOERR', 'it does not read or write any more'],
];

/** What is wrong with the volume of DATA_DIR, by what was thrown; undefined when it is about something else. */
export function wordDiskTrouble(error: unknown): string | undefined {
  if (error instanceof PublishError) {
    return error.failure.reason === 'disk-full' ? 'there is not enough room left' : undefined;
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return wordings.find(([known]) => code.startsWith(known))?.[1];
}

/**
 * The outage behind an error, if the volume is in trouble still. Undefined when it has room again: then it was the work
 * itself that needed too much, which costs it an attempt.
 */
export async function findDiskOutage(volume: Volume, error: unknown): Promise<Outage | undefined> {
  const words = wordDiskTrouble(error);
  if (words === undefined) return undefined;
  try {
    await volume.check();
    return undefined;
  } catch (trouble) {
    return new Outage('disk', 'down', wordDiskTrouble(trouble) ?? words, undefined, { cause: error });
  }
}
