import { describe, expect, it } from 'vitest';
import type { VersionToIndex } from '../../../src/ports/preflight.ts';
import { now, store, useStillStore } from '../still-store.ts';

const name = 'com.studio.core';

useStillStore();

const guid = (letter: string): string => letter.repeat(32);

function version(text: string, guids: Readonly<Record<string, string>>, of = name): VersionToIndex {
  return {
    name: of,
    version: text,
    guids: new Map(Object.entries(guids)),
    assemblies: new Map(),
    fields: { unity: '2022.3' },
    findings: [{ rule: 'meta.orphan', severity: 'warn', file: 'A.meta', message: 'delete A.meta' }],
    rules: ['meta.orphan'],
  };
}

async function guidsOf(text: string): Promise<Readonly<Record<string, string>> | undefined> {
  const found = await store.guidIndex.find(name, text);
  return found === undefined ? undefined : Object.fromEntries(found.guids);
}

describe('a version in the GUID index', () => {
  it('is returned as it was saved, and once, however often it is saved', async () => {
    const saved = version('1.0.0', { 'A.cs': guid('a'), 'B.cs': guid('b') });
    await store.guidIndex.save(saved);
    await store.guidIndex.save(saved);
    const { assemblies: _, ...found } = saved;
    expect(await store.guidIndex.find(name, '1.0.0')).toEqual(found);
    expect(await store.guidIndex.find(name, '1.0.1')).toBeUndefined();
  });

  it('has the GUIDs of its own time, in whatever order versions are saved', async () => {
    await store.guidIndex.save(version('2.0.0', { 'A.cs': guid('c'), 'B.cs': guid('b') }));
    await store.guidIndex.save(version('1.9.0', { 'A.cs': guid('a'), 'B.cs': guid('b') }));
    await store.guidIndex.save(version('1.10.0', { 'A.cs': guid('a') }));
    expect(await guidsOf('1.9.0')).toEqual({ 'A.cs': guid('a'), 'B.cs': guid('b') });
    expect(await guidsOf('2.0.0')).toEqual({ 'A.cs': guid('c'), 'B.cs': guid('b') });
  });

  it('has the path of an asset as of its newest version', async () => {
    await store.guidIndex.save(version('1.0.0', { 'A.cs': guid('a') }));
    await store.guidIndex.save(version('1.1.0', { 'New/A.cs': guid('a') }));
    await store.guidIndex.save(version('1.0.1', { 'A.cs': guid('a') }));
    const owners = await store.guidIndex.findOwners([guid('a')], 'com.studio.other');
    expect(owners.get(guid('a'))).toEqual({ name, path: 'New/A.cs', version: '1.1.0' });
  });
});

describe('the owners of GUIDs', () => {
  it('are other packages only, all of them found by one query', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, at) => [`${at}.cs`, at.toString(16).padStart(32, '0')]),
    );
    await store.guidIndex.save(version('1.0.0', many));
    await store.guidIndex.save(version('1.0.0', { 'X.cs': guid('f') }, 'com.studio.other'));
    const asked = [...Object.values(many), guid('f'), guid('e')];
    expect((await store.guidIndex.findOwners(asked, 'com.studio.other')).size).toBe(10_000);
    expect([...(await store.guidIndex.findOwners(asked, name)).keys()]).toEqual([guid('f')]);
  });
});

describe('the owners of assembly names', () => {
  const withAssembly = (of: string, text: string, assembly: string): VersionToIndex => ({
    ...version(text, {}, of),
    assemblies: new Map([['Runtime/A.asmdef', assembly]]),
  });
  const findOwner = async (except: string) =>
    (await store.guidIndex.findAssemblyOwners(['Studio.AUDIO'], except)).get('studio.audio');

  it('are other packages, whatever the case of the name', async () => {
    await store.guidIndex.save(withAssembly(name, '1.0.0', 'Studio.Audio'));
    expect(await findOwner('com.studio.other')).toEqual({ name, path: 'Runtime/A.asmdef', version: '1.0.0' });
    expect(await findOwner(name)).toBeUndefined();
  });

  it('are packages whose newest version has it, in whatever order versions are saved', async () => {
    await store.guidIndex.save(withAssembly(name, '1.1.0', 'Studio.Sound'));
    await store.guidIndex.save(withAssembly(name, '1.0.0', 'Studio.Audio'));
    expect(await findOwner('com.studio.other')).toBeUndefined();
    await store.guidIndex.save(withAssembly(name, '1.2.0', 'Studio.Audio'));
    expect(await findOwner('com.studio.other')).toMatchObject({ version: '1.2.0' });
    await store.guidIndex.save(version('1.3.0', {}));
    expect(await findOwner('com.studio.other')).toBeUndefined();
  });
});

describe('what is not indexed yet', () => {
  const lookup = (of: string, latest: string) =>
    ({
      name: of,
      state: 'present',
      entry: {
        latest,
        highest: latest,
        highestStable: latest,
        distTags: { latest },
        versions: [latest],
        repositoryUrl: undefined,
      },
    }) as const;

  it('is the newest version of each name that the registry has, until it was read', async () => {
    await store.catalog.saveLookups([lookup(name, '1.0.0'), lookup('com.studio.other', '3.0.0')]);
    await store.guidIndex.save(version('1.0.0', {}));
    expect(await store.guidIndex.listUnindexed(10, now)).toEqual([
      { name: 'com.studio.other', version: '3.0.0' },
    ]);
    await store.catalog.saveLookups([lookup(name, '1.1.0')]);
    expect(await store.guidIndex.listUnindexed(1, now)).toEqual([{ name, version: '1.1.0' }]);
  });

  it('is offered again only later when it could not be read', async () => {
    await store.catalog.saveLookups([lookup(name, '1.0.0')]);
    await store.guidIndex.saveUnreadable({ name, version: '1.0.0' }, 'has no tarball');
    expect(await store.guidIndex.find(name, '1.0.0')).toBeUndefined();
    expect(await store.guidIndex.listUnindexed(10, now)).toEqual([]);
    expect(await store.guidIndex.listUnindexed(10, now + 1)).toEqual([{ name, version: '1.0.0' }]);
  });
});
