import { systemClock } from '../../src/adapters/system/system-clock.ts';
import { openStore, type Store, type StoreOptions } from '../../src/store/store.ts';

/** The database of a folder, as the process opens it; with nothing to redact unless a test says so. */
export async function openTestStore(folder: string, options: Partial<StoreOptions> = {}): Promise<Store> {
  const redact = (text: string): string => text;
  return openStore({ folder, registry: 'https://npm.studio.test/', clock: systemClock, redact, ...options });
}
