import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { RepositoryStatus, Slug } from '../../src/domain/repository/repository.ts';
import { buildRedactor } from '../../src/domain/text/redact.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Store } from '../../src/store/store.ts';
import { openTestStore } from './test-store.ts';

/** What the store redacts. */
export const secret = 'planted-secret-value';
/** Where the database of this test lies. */
export let folder: string;
export let store: Store;
/** In milliseconds since the epoch; goes on when a test says so. */
export let now: number;

const clock: Clock = { now: () => now, monotonic: () => now, sleep: async () => undefined };

/** For the top of a test file: for each test a new store with these repositories, numbered from 1, in still time. */
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

/** As another process would open it. */
export async function open(): Promise<Store> {
  return openTestStore(folder, { clock, redact: buildRedactor(() => [secret]) });
}

/** The store of the test as after a restart; it has to be closed. */
export async function reopen(): Promise<void> {
  store = await open();
}

export function pass(ms: number): void {
  now += ms;
}
