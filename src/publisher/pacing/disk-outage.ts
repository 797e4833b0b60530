import { DiskTrouble } from '../../domain/failure/disk-trouble.ts';
import { Outage, PublishError } from '../../domain/failure/failure.ts';
import type { Volume } from '../../ports/system.ts';

/**
 * Returns what is wrong with the volume of DATA_DIR according to a thrown error; undefined when the error is about
 * something else.
 */
export function wordDiskTrouble(error: unknown): string | undefined {
  if (error instanceof DiskTrouble) return error.detail;
  const isFull = error instanceof PublishError && error.failure.reason === 'disk-full';
  return isFull ? 'there is not enough room left' : undefined;
}

/**
 * Returns the disk outage behind an error if the volume is still in trouble. Undefined when the volume has room
 * again: then the work itself needed too much, which costs it an attempt.
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
