import type { DatabaseBackup, DatabaseBackups } from '../../../ports/system.ts';

export interface BackUpDeps {
  readonly backups: DatabaseBackups;
  /** How many are kept, the new one included. */
  readonly backupsKept: number;
}

export interface BackedUp {
  readonly made: DatabaseBackup & { readonly rows: number };
  /** How many older ones were removed. */
  readonly removed: number;
}

/** Makes a checked copy of the database, then removes the oldest. Throws when there is no new copy: none is removed then. */
export async function backUp({ backups, backupsKept }: BackUpDeps, signal: AbortSignal): Promise<BackedUp> {
  const made = await backups.make(signal);
  const old = (await backups.list()).slice(Math.max(1, backupsKept));
  for (const backup of old) await backups.remove(backup);
  return { made, removed: old.length };
}
