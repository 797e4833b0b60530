import { systemClock } from '../../src/adapters/system/system-clock.ts';
import { openStore, type Store, type StoreOptions } from '../../src/store/store.ts';

/** Opens the database of a folder as the process does; nothing is redacted unless a test asks for it. */
export async function openTestStore(folder: string, options: Partial<StoreOptions> = {}): Promise<Store> {
  const redact = (text: string): string => text;
  return openStore({ folder, registry: 'https://npm.studio.test/', clock: systemClock, redact, ...options });
}
