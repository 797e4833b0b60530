import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { Store } from '../../../../src/store/store.ts';
import { openIn } from './aged-store.ts';

/** Where the database and its archives lie. */
export let folder: string;
export let store: Store;

/** For the top of a test file: an empty store for each of its tests. */
export function useRetainedStore(): void {
  beforeEach(begin);
  afterEach(end);
}

/** An empty store in another folder, in place of the one that the test has. */
export async function replaceStore(): Promise<void> {
  await end();
  await begin();
}

/** The store of the test as after a restart; it has to be closed. */
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
