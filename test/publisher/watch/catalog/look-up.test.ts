import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Outage } from '../../../../src/domain/failure/failure.ts';
import { NameRefusal } from '../../../../src/domain/failure/name-trouble.ts';
import type { HeadPackage } from '../../../../src/domain/package/catalog.ts';
import type { Packument } from '../../../../src/domain/package/packument.ts';
import type { CommitSha, RepositoryId, Slug } from '../../../../src/domain/repository/repository.ts';
import type { Registry } from '../../../../src/ports/registry.ts';
import { lookUpNames } from '../../../../src/publisher/watch/catalog/look-up.ts';
import { openStore, type Store } from '../../../../src/store/store.ts';

const one = 1 as RepositoryId;
const head = { branch: 'main', commit: 'a'.repeat(40) as CommitSha };
/** More names than one part holds. */
const names = Array.from({ length: 510 }, (_, index) => `com.studio.p${String(index).padStart(3, '0')}`);
const never = new AbortController().signal;
let folder: string;
let store: Store;
let now: number;
let published: Map<string, string>;
let asked: { readonly name: string; readonly etag: string | undefined }[];
let read: string[];
let isDown: boolean;
/** Names that the registry refuses. */
let refused: ReadonlySet<string>;

beforeAll(async () => {
  now = 1_800_000_000_000;
  folder = await mkdtemp(join(tmpdir(), 'look-up-'));
  const clock = { now: () => now, monotonic: () => now, sleep: async () => undefined };
  store = await openStore({ folder, registry: 'https://npm.test/', clock, redact: (text) => text });
  await store.repositories.addUnknown([{ slug: 'studio/one' as Slug, status: 'active' }]);
  await store.catalog.saveHead(one, head, names.map(toItem));
});

/** Looks once, so that all names are known as published; only the very first look takes long. */
beforeEach(async () => {
  isDown = false;
  refused = new Set();
  published = new Map(names.map((name) => [name, '1.0.0']));
  await look();
});

afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

function toItem(name: string): HeadPackage {
  return { path: name, name, version: '1.0.0', manifestOid: 'b'.repeat(40), exclusion: undefined };
}

function packumentOf(name: string, version: string): Packument {
  const versions = new Map([[version, { version, integrity: undefined }]]);
  return { name, versions, distTags: { latest: version }, repositoryUrl: undefined };
}

/** A registry whose ETags are the versions, in front of the real packument cache. */
const registry: Pick<Registry, 'findChange'> = {
  findChange: async (name, etag) => {
    asked.push({ name, etag });
    if (isDown) throw new Outage('registry', 'down', 'HTTP 503');
    if (refused.has(name)) throw new NameRefusal(name, { kind: 'forbidden', status: 403 });
    const version = published.get(name);
    if (version === undefined) return undefined;
    if (etag === version) return 'unchanged';
    read.push(name);
    const packument = packumentOf(name, version);
    await store.packuments.save(name, version, packument);
    return packument;
  },
};

async function look(): Promise<readonly number[]> {
  const progress: number[] = [];
  asked = [];
  read = [];
  now += 60_000;
  await lookUpNames({ registry, catalog: store.catalog }, names, (done) => progress.push(done), never);
  return progress;
}

async function latestOf(name: string) {
  const [row] = await store.catalog.listRows({ name });
  return row?.registry;
}

describe('a second look at many names', () => {
  it('asks for each and reads none that did not change, but marks all as of now', async () => {
    expect(await look()).toEqual(names.map((_, index) => index + 1));
    expect(asked.map(({ name }) => name).toSorted()).toEqual(names);
    expect(read).toEqual([]);
    const rows = await store.catalog.listRows({});
    expect(new Set(rows.map((row) => row.registry?.checkedAt))).toEqual(new Set([now]));
    expect(new Set(rows.map((row) => row.registry?.state))).toEqual(new Set(['present']));
  });

  it('reads what changed, and what a publish had read before its cache was written', async () => {
    published.set('com.studio.p007', '1.1.0').set('com.studio.p505', '2.0.0').delete('com.studio.p008');
    // A publish read it back, and the process was killed before the cache learned of it.
    await store.packuments.save('com.studio.p505', '2.0.0', packumentOf('com.studio.p505', '2.0.0'));
    await look();
    expect(read.toSorted()).toEqual(['com.studio.p007', 'com.studio.p505']);
    expect(await latestOf('com.studio.p007')).toMatchObject({ latest: '1.1.0', hasHead: false });
    expect(await latestOf('com.studio.p505')).toMatchObject({ latest: '2.0.0' });
    expect(await latestOf('com.studio.p008')).toMatchObject({ state: 'absent' });
  });

  it('goes on after a hundred refused names in a row: these are unknown, the others unchanged', async () => {
    refused = new Set(names.slice(100, 200));
    published.set('com.studio.p300', '1.1.0');
    await look();
    expect(asked).toHaveLength(names.length);
    expect(await latestOf('com.studio.p150')).toMatchObject({ state: 'unknown', lastError: 'HTTP 403' });
    expect(await latestOf('com.studio.p300')).toMatchObject({ state: 'present', latest: '1.1.0' });
  });

  it('makes all unknown when nobody answers, gives up soon, and does not influence the next look', async () => {
    isDown = true;
    await look();
    expect(asked.length).toBeLessThan(100);
    expect(await latestOf('com.studio.p509')).toMatchObject({ state: 'unknown', latest: '1.0.0' });
    isDown = false;
    await look();
    expect(read).toEqual([]);
    expect(await latestOf('com.studio.p509')).toMatchObject({ state: 'present', checkedAt: now });
  });
});
