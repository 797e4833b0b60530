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
 * Opens the database of DATA_DIR for a command that changes it; gives the exit code of `change`, or the code for why it
 * cannot be opened, with the reason on stderr. Makes no database where there is none.
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

/** Says what is wrong on stderr; gives the exit code. */
export function fail(problem: string, exitCode: number): number {
  process.stderr.write(`${problem}\n`);
  return exitCode;
}
