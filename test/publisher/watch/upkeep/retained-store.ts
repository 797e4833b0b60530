import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { Store } from '../../../../src/store/store.ts';
import { openIn } from './aged-store.ts';

/** Folder of the database and its archives. */
export let folder: string;
export let store: Store;

/** Call at the top of a test file: gives each of its tests an empty store. */
export function useRetainedStore(): void {
  beforeEach(begin);
  afterEach(end);
}

/** Replaces the test's store by an empty one in another folder. */
export async function replaceStore(): Promise<void> {
  await end();
  await begin();
}

/** Opens the test's store as after a restart; it must be closed before. */
export async function reopen(): Promise<void> {
  store = await openIn(folder);
}

async function begin(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'retention-'));
  await reopen();
}

async function end(): Promise<void> {
  await store.close();
  await rm(folder, { recursive: true });
}
