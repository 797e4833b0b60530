import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../../src/adapters/system/system-clock.ts';
import { openStore } from '../../../src/store/store.ts';

let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'fingerprint-key-'));
});
afterAll(async () => rm(home, { recursive: true, force: true }));

async function keyOf(folder: string): Promise<string> {
  const options = { registry: 'https://registry.example.test/', clock: systemClock, redact: String };
  const store = await openStore({ folder, ...options });
  await store.close();
  return store.fingerprintKey;
}

it('fingerprints of secrets are made with a key that one database keeps and no other has', async () => {
  const key = await keyOf(home);
  expect(key).toMatch(/^[0-9a-f]{64}$/);
  expect(await keyOf(home)).toBe(key);
  const other = await mkdtemp(join(home, 'other-'));
  expect(await keyOf(other)).not.toBe(key);
});
