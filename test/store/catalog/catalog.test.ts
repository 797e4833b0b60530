import { describe, expect, it } from 'vitest';
import { entryOf, type HeadPackage, type Lookup } from '../../../src/domain/package/catalog.ts';
import type { Integrity, Packument } from '../../../src/domain/package/packument.ts';
import type { CommitSha, RepositoryId } from '../../../src/domain/repository/repository.ts';
import { dispatchOf } from '../queued-job.ts';
import { now, pass, reopen, secret, store, useStillStore } from '../still-store.ts';

const one = 1 as RepositoryId;
const two = 2 as RepositoryId;
const head = { branch: 'main', commit: 'a'.repeat(40) as CommitSha };

useStillStore({ 'studio/one': 'active', 'studio/two': 'active', 'studio/waiting': 'pending' });

function item(name: string, more: Partial<HeadPackage> = {}): HeadPackage {
  return { path: name, name, version: '1.0.0', manifestOid: 'b'.repeat(40), exclusion: undefined, ...more };
}

function packument(name: string, versions: readonly string[]): Packument {
  const known = versions.map(
    (version) => [version, { version, integrity: 'sha512-x' as Integrity }] as const,
  );
  return {
    name,
    versions: new Map(known),
    distTags: { latest: versions.at(-1) ?? '' },
    repositoryUrl: undefined,
  };
}

function present(name: string, versions: readonly string[]): Lookup {
  return { name, state: 'present', entry: entryOf(packument(name, versions)) };
}

describe('the catalog', () => {
  it('replaces a head with its packages, or keeps them when they are the same', async () => {
    await store.catalog.saveHead(one, head, [item('com.studio.a'), item('com.studio.b')]);
    await store.catalog.saveHead(one, head, [item('com.studio.b')]);
    expect(await store.catalog.listHeadPackages(one)).toEqual([item('com.studio.b')]);
    const next = { ...head, commit: 'c'.repeat(40) as CommitSha };
    await store.catalog.saveHead(one, next, undefined);
    expect(await store.catalog.findHead(one)).toEqual(next);
    expect(await store.catalog.listHeadPackages(one)).toHaveLength(1);
    await store.catalog.saveHeadError(one, 'git-host-unavailable');
    expect(await store.catalog.findHead(one)).toEqual(next);
  });

  it('distinguishes absent from unknown, and keeps an earlier answer when the registry is silent later', async () => {
    await store.catalog.saveHead(
      one,
      head,
      ['a', 'b', 'c', 'd'].map((name) => item(`com.studio.${name}`)),
    );
    await store.catalog.saveLookups([
      present('com.studio.a', ['0.9.0', '1.0.0']),
      present('com.studio.b', ['0.9.0']),
      { name: 'com.studio.c', state: 'absent' },
    ]);
    pass(1_000);
    await store.catalog.saveLookups([{ name: 'com.studio.b', state: 'unknown', why: `HTTP 503 ${secret}` }]);
    const rows = await store.catalog.listRows({});
    expect(rows.map(({ registry }) => registry?.state)).toEqual(['present', 'unknown', 'absent', undefined]);
    expect(rows[0]?.registry).toMatchObject({ hasHead: true, latest: '1.0.0', highestStable: '1.0.0' });
    expect(rows[1]?.registry).toMatchObject({ checkedAt: now - 1_000, lastError: 'HTTP 503 «redacted»' });
  });

  it('offers an ETag only for a name whose stored look-up agrees with the cached packument, and accepts “not modified” as a look-up', async () => {
    const [same, behind, never] = ['com.studio.same', 'com.studio.behind', 'com.studio.never'] as const;
    await store.catalog.saveHead(
      one,
      head,
      [same, behind, never].map((name) => item(name)),
    );
    for (const name of [same, behind, never]) {
      await store.packuments.save(name, `"${name}"`, packument(name, ['1.0.0', '2.0.0-rc.1']));
    }
    await store.catalog.saveLookups([present(same, ['1.0.0', '2.0.0-rc.1']), present(behind, ['1.0.0'])]);
    const settled = await store.catalog.listSettled([same, behind, never, 'com.studio.other']);
    expect([...settled]).toEqual([[same, `"${same}"`]]);
    await store.catalog.saveLookups([{ name: same, state: 'unknown', why: 'HTTP 503' }]);
    pass(1_000);
    await store.catalog.confirmLookups([same]);
    const [row] = await store.catalog.listRows({ name: same });
    expect(row?.registry).toMatchObject({ state: 'present', checkedAt: now, lastError: undefined });
    expect(row?.registry).toMatchObject({ latest: '2.0.0-rc.1', highestStable: '1.0.0', hasHead: true });
  });

  it.each([
    ['another dist-tag', { distTags: { latest: '1.0.0', beta: '1.0.0' } }],
    ['another repository', { repositoryUrl: 'https://github.com/studio/other' }],
    ['no version any more', { versions: new Map() }],
  ])('has a packument read again that has %s than what is stored', async (_what, change) => {
    const name = 'com.studio.a';
    await store.catalog.saveLookups([present(name, ['1.0.0'])]);
    await store.packuments.save(name, '"1"', packument(name, ['1.0.0']));
    expect((await store.catalog.listSettled([name])).size).toBe(1);
    await store.packuments.save(name, '"2"', { ...packument(name, ['1.0.0']), ...change });
    expect((await store.catalog.listSettled([name])).size).toBe(0);
  });

  it('does not bring a removed name back because of an old answer', async () => {
    const name = 'com.studio.a';
    await store.catalog.saveHead(one, head, [item(name)]);
    await store.packuments.save(name, '"1"', packument(name, []));
    await store.catalog.saveLookups([{ name, state: 'absent' }]);
    expect((await store.catalog.listSettled([name])).size).toBe(0);
    await store.catalog.confirmLookups([name]);
    expect((await store.catalog.listRows({ name }))[0]?.registry?.state).toBe('absent');
  });

  it.each(['1.0.0-rc', '1.0.0-rc.10', '11.0.0'])(
    'does not take %s for 1.0.0-rc.1 or 1.0.0',
    async (other) => {
      const heads = [item('com.studio.a', { version: '1.0.0-rc.1' }), item('com.studio.b')];
      await store.catalog.saveHead(one, head, heads);
      await store.catalog.saveLookups([present('com.studio.a', [other]), present('com.studio.b', [other])]);
      const rows = await store.catalog.listRows({});
      expect(rows.map(({ registry }) => registry?.hasHead)).toEqual([false, false]);
    },
  );

  it('names every active holder, and those of a pending repository only beside themselves', async () => {
    await store.catalog.saveHead(one, head, [item('com.studio.a')]);
    await store.catalog.saveHead(two, head, [
      item('com.studio.a'),
      item('com.studio.p', { exclusion: 'private' }),
    ]);
    await store.catalog.saveHead(3 as RepositoryId, head, [item('com.studio.a')]);
    const rows = await store.catalog.listRows({ name: 'com.studio.a' });
    expect(rows.map(({ slug, holders }) => [slug, holders.map((holder) => holder.slug)])).toEqual([
      ['studio/one', ['studio/one', 'studio/two']],
      ['studio/two', ['studio/one', 'studio/two']],
    ]);
    const [waiting] = await store.catalog.listRows({ repositoryId: 3 as RepositoryId });
    expect(waiting?.holders).toHaveLength(3);
  });

  it('records owners of names that have none, each with its audit row', async () => {
    await store.ledger.claimName('com.studio.taken', two, 'first-publish');
    const claimed = await store.catalog.claimNames([
      { name: 'com.studio.taken', repositoryId: one, how: 'packument' },
      { name: 'com.studio.a', repositoryId: one, how: 'sole-holder' },
    ]);
    expect(claimed).toBe(1);
    expect((await store.ledger.findOwner('com.studio.taken'))?.slug).toBe('studio/two');
    expect(await store.audit.list(1)).toMatchObject([
      { action: 'owner-seeded', subject: 'studio/one', facts: { names: ['com.studio.a'] } },
    ]);
  });
});

describe('suggestions from the catalog', () => {
  it('offer prefixes before substrings, ignoring case, at most 25, of what may be published', async () => {
    const many = Array.from({ length: 40 }, (_, index) =>
      item(`com.studio.z${String(index).padStart(2, '0')}`),
    );
    const others = [
      item('core.tool'),
      item('com.studio.Core'),
      item('core.private', { exclusion: 'private' }),
    ];
    await store.catalog.saveHead(one, head, [...many, ...others]);
    const suggestPackages = async (typed: string) => store.suggestions.suggestPackages(typed);
    expect(await suggestPackages('CORE')).toEqual(['core.tool', 'com.studio.Core']);
    expect(await suggestPackages('')).toHaveLength(25);
    expect(await suggestPackages('%')).toEqual([]);
    expect(await suggestPackages(`com${'x'.repeat(6_000)}`)).toEqual([]);
    expect(await store.suggestions.suggestRepositories('TWO')).toEqual(['studio/two']);
  });

  it('offer versions newest first, branches before commits, and jobs by number', async () => {
    await store.catalog.saveHead(one, head, [item('com.studio.a')]);
    await store.catalog.saveLookups([present('com.studio.a', ['1.9.0', '1.10.0', '1.2.0'])]);
    expect(await store.suggestions.suggestVersions('com.studio.a', '')).toEqual(['1.10.0', '1.9.0', '1.2.0']);
    expect(await store.suggestions.suggestVersions('com.studio.a', '9')).toEqual(['1.9.0']);
    const expected = ['main', head.commit];
    expect(await store.suggestions.suggestRefs({ kind: 'repository', slug: 'studio/one' }, '')).toEqual(
      expected,
    );
    expect(await store.suggestions.suggestRefs({ kind: 'package', name: 'com.studio.a' }, '')).toEqual(
      expected,
    );
    expect(await store.suggestions.suggestRefs(undefined, 'm')).toEqual([]);
    await store.queue.accept(dispatchOf(one, head.commit));
    const job = { job: 1, label: '1 · studio/one · queued' };
    for (const typed of ['#1', 'studio/o', ''])
      expect(await store.suggestions.suggestJobs(typed)).toEqual([job]);
  });

  it('are empty instead of an error', async () => {
    const { suggestions } = store;
    await store.close();
    expect(await suggestions.suggestPackages('a')).toEqual([]);
    expect(await suggestions.suggestJobs('1')).toEqual([]);
    await reopen();
  });
});
