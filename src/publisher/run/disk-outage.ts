import { DiskTrouble } from '../../domain/failure/disk-trouble.ts';
import { Outage, PublishError } from '../../domain/failure/failure.ts';
import type { Volume } from '../../ports/system.ts';

/** What is wrong with the volume of DATA_DIR, by what was thrown; undefined when it is about something else. */
export function wordDiskTrouble(error: unknown): string | undefined {
  if (error instanceof DiskTrouble) return error.detail;
  const isFull = error instanceof PublishError && error.failure.reason === 'disk-full';
  return isFull ? 'there is not enough room left' : undefined;
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
