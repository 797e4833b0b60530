import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { RepositoryStatus, Slug } from '../../src/domain/repository/repository.ts';
import { buildRedactor } from '../../src/domain/text/redact.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Store } from '../../src/store/store.ts';
import { openTestStore } from './test-store.ts';

/** A secret that the store redacts. */
export const secret = 'planted-secret-value';
/** Folder of this test's database. */
export let folder: string;
export let store: Store;
/** Epoch milliseconds; time passes only when a test says so. */
export let now: number;

const clock: Clock = { now: () => now, monotonic: () => now, sleep: async () => undefined };

/**
 * Call at the top of a test file: gives each test a new store with these repositories, numbered from 1, in time that
 * stands still.
 */
export function useStillStore(repositories: Readonly<Record<string, RepositoryStatus>> = {}): void {
  beforeEach(async () => {
    now = 1_800_000_000_000;
    folder = await mkdtemp(join(tmpdir(), 'store-'));
    store = await open();
    const entries = Object.entries(repositories).map(([slug, status]) => ({ slug: slug as Slug, status }));
    await store.repositories.addUnknown(entries);
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
}

/** Opens the database as another process would. */
export async function open(): Promise<Store> {
  return openTestStore(folder, { clock, redact: buildRedactor(() => [secret]) });
}

/** Opens the test's store as after a restart; it must be closed before. */
export async function reopen(): Promise<void> {
  store = await open();
}

export function pass(ms: number): void {
  now += ms;
}
