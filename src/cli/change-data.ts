import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../adapters/system/system-clock.ts';
import type { Config, Secrets } from '../config/load-config.ts';
import { buildRedactor } from '../domain/text/redact.ts';
import {
  BackupFailedError,
  openStore,
  type Store,
  StoreDamagedError,
  StoreLockedError,
} from '../store/store.ts';
import { exitBadInput, exitConfiguration, exitLocked } from './run-tool.ts';

/**
 * Opens the database in DATA_DIR for a command that changes it. Returns the exit code of `change`, or of the failure to
 * open it, with the reason on stderr. Never creates a database.
 */
export async function changeData(
  { dataDir: folder, backupDir: backupFolder, registryUrl: registry }: Config,
  secrets: Secrets,
  change: (store: Store) => Promise<number>,
): Promise<number> {
  if (!existsSync(join(folder, 'publisher.db')))
    return fail(`There is no database in ${folder}; check DATA_DIR`, exitBadInput);
  const redact = buildRedactor(() => secrets.all());
  try {
    const store = await openStore({ folder, backupFolder, registry, clock: systemClock, redact });
    try {
      return await change(store);
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof StoreLockedError) return fail(error.message, exitLocked);
    if (error instanceof StoreDamagedError) return fail(error.message, exitConfiguration);
    if (error instanceof BackupFailedError) return fail(error.message, exitConfiguration);
    throw error;
  }
}

/** Writes the problem to stderr; returns the exit code. */
export function fail(problem: string, exitCode: number): number {
  process.stderr.write(`${problem}\n`);
  return exitCode;
}
