import type { DatabaseBackup, DatabaseBackups } from '../../../ports/system.ts';

export interface BackUpDeps {
  readonly backups: DatabaseBackups;
  /** How many backups are kept, the new one included. */
  readonly backupsKept: number;
}

export interface BackedUp {
  readonly made: DatabaseBackup & { readonly rows: number };
  /** How many older backups were removed. */
  readonly removed: number;
}

/**
 * Makes a checked copy of the database, then removes the oldest copies. Throws when there is no new copy, and then
 * removes none.
 */
export async function backUp({ backups, backupsKept }: BackUpDeps, signal: AbortSignal): Promise<BackedUp> {
  const made = await backups.make(signal);
  const old = (await backups.list()).slice(Math.max(1, backupsKept));
  for (const backup of old) await backups.remove(backup);
  return { made, removed: old.length };
}
