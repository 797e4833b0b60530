import { type DiskFault, DiskTrouble } from '../../domain/failure/disk-trouble.ts';

const faults: ReadonlyMap<string, DiskFault> = new Map([
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['EROFS', 'read-only'],
  ['EIO', 'broken'],
]);

/** What the system says by the code of an error; undefined when it is about something else than the volume. */
export function findDiskFault(error: unknown): DiskFault | undefined {
  return error instanceof Error && 'code' in error ? faults.get(String(error.code)) : undefined;
}

/** Runs `work` and rethrows what the volume refuses as DiskTrouble; every other error passes unchanged. */
export async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const fault = findDiskFault(error);
    throw fault === undefined ? error : new DiskTrouble(fault, { cause: error });
  }
}
