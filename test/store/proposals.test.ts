import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildRedactor } from '../../src/domain/redact.ts';
import type { Slug } from '../../src/domain/repository.ts';
import type { Store } from '../../src/store/store.ts';
import { openTestStore } from './test-store.ts';

const secret = 'planted-secret-value';
const dayMs = 24 * 3_600_000;

let folder: string;
let store: Store;
let now: number;

beforeEach(async () => {
  now = 1_800_000_000_000;
  folder = await mkdtemp(join(tmpdir(), 'catalog-store-'));
  store = await openTestStore(folder, {
    clock: { now: () => now, monotonic: () => now, sleep: async () => undefined },
    redact: buildRedactor(() => [secret]),
  });
  await store.repositories.addUnknown([
    { slug: 'studio/one' as Slug, status: 'active' },
    { slug: 'studio/two' as Slug, status: 'active' },
    { slug: 'studio/waiting' as Slug, status: 'pending' },
  ]);
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

describe('proposals', () => {
  it('are taken once, also when two press at once, and say what became of them', async () => {
    const id = await store.proposals.add('publish', 'discord:1', { names: ['com.studio.a'], note: secret });
    expect(await store.proposals.find(id)).toEqual({
      proposal: 'publish',
      payload: { names: ['com.studio.a'], note: '«redacted»' },
      by: 'discord:1',
    });
    await store.proposals.update(id, { names: [] });
    const both = await Promise.all([
      store.proposals.take(id, 'discord:1'),
      store.proposals.take(id, 'discord:2'),
    ]);
    expect(both).toEqual([
      { kind: 'taken', proposal: 'publish', payload: { names: [] } },
      { kind: 'used', by: 'discord:1', note: '' },
    ]);
    await store.proposals.update(id, { names: ['late'] });
    await store.proposals.close(id, 'queued as #4');
    expect(await store.proposals.take(id, 'discord:3')).toEqual({
      kind: 'used',
      by: 'discord:1',
      note: 'queued as #4',
    });
    expect(await store.proposals.find(id)).toMatchObject({ payload: { names: [] } });
  });

  it('are forgotten after a day', async () => {
    const id = await store.proposals.add('publish', 'discord:1', {});
    now += dayMs;
    expect(await store.proposals.find(id)).toBeUndefined();
    expect(await store.proposals.take(id, 'discord:1')).toBeUndefined();
    expect(await store.proposals.take(id + 1, 'discord:1')).toBeUndefined();
  });
});
