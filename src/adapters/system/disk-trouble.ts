import { type DiskFault, DiskTrouble } from '../../domain/failure/disk-trouble.ts';

const faults: ReadonlyMap<string, DiskFault> = new Map([
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['EROFS', 'read-only'],
  ['EIO', 'broken'],
]);

/** Returns the volume's fault by the error's code; undefined when the error is not about the volume. */
export function findDiskFault(error: unknown): DiskFault | undefined {
  return error instanceof Error && 'code' in error ? faults.get(String(error.code)) : undefined;
}

/** Runs `work` and rethrows errors of the volume as DiskTrouble; all other errors pass unchanged. */
export async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const fault = findDiskFault(error);
    throw fault === undefined ? error : new DiskTrouble(fault, { cause: error });
  }
}
