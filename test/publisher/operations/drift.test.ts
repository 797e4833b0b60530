import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DriftRow } from '../../../src/domain/package/drift.ts';
import type { RepositoryId, Slug } from '../../../src/domain/repository/repository.ts';
import type { DriftAnswer } from '../../../src/publisher/operations/operations.ts';
import { ask, manifestFile, packageFiles, type Studio, startStudio } from './studio.ts';

const never = new AbortController().signal;
let studio: Studio;

async function refresh(repository?: string): Promise<DriftAnswer> {
  const answer = await studio.operations.refreshDrift(repository, () => undefined, never);
  if (answer.kind !== 'drift') throw new Error(JSON.stringify(answer));
  return answer;
}

function kindsOf(rows: readonly DriftRow[]): Record<string, string> {
  return Object.fromEntries(rows.map((row) => [row.name, row.kind]));
}

describe('the drift of 127 packages of one repository', () => {
  const names = Array.from({ length: 127 }, (_, index) => `com.studio.many.p${index}`);
  const slug = 'studio/many';
  /** 100 are equal, 20 ahead, 7 never published. */
  const headOf = (index: number): string => (index < 100 ? '1.0.0' : '1.1.0');

  beforeAll(async () => {
    studio = await startStudio();
    await studio.addRepository(slug, {});
    studio.commit(slug, Object.assign({}, ...names.map((name, index) => manifestFile(name, headOf(index)))));
    await Promise.all(names.slice(0, 120).map(async (name) => studio.seed(name, '1.0.0')));
  }, 120_000);
  afterEach(() => studio.proxy.clear());
  afterAll(async () => studio.stop());

  it('has five unknown packages after five failed look-ups, and nothing publishable because of them', async () => {
    const failing = [3, 50, 101, 119, 125].map((index) => names[index] ?? '');
    studio.proxy.setFaults(({ path }) =>
      failing.includes(path.slice(1)) ? { kind: 'status', status: 503 } : undefined,
    );
    const progress: number[] = [];
    const answer = await studio.operations.refreshDrift(undefined, (done) => progress.push(done), never);
    if (answer.kind !== 'drift') throw new Error(answer.kind);
    expect(progress.at(-1)).toBe(127);
    expect(answer.summary).toMatchObject({ unknown: 5, equal: 98, ahead: 18, 'never-published': 6 });
    const unknown = answer.rows.filter((row) => row.kind === 'unknown');
    expect(unknown.map((row) => row.name).toSorted()).toEqual(failing.toSorted());
    expect(unknown.every((row) => !row.isPublishable && row.detail?.includes('HTTP 503'))).toBe(true);
    expect(answer.rows.filter((row) => row.isPublishable)).toHaveLength(24);
  });

  it('is read again with conditional requests only, without listing or reading an unchanged head', async () => {
    await refresh();
    studio.proxy.clear();
    studio.host.clearRequests();
    const { summary } = await refresh();
    expect(summary).toMatchObject({ unknown: 0, equal: 100, ahead: 20, 'never-published': 7 });
    const requests = studio.proxy.requests();
    expect(requests).toHaveLength(127);
    // The registry has no ETag for names that it does not know.
    const plain = requests.filter(({ ifNoneMatch }) => ifNoneMatch === undefined);
    expect(plain.map(({ path }) => path.slice(1)).toSorted()).toEqual(names.slice(120).toSorted());
    expect(studio.host.requests()).toHaveLength(1);
  });

  it('keeps earlier answers while the registry is down, and stops asking', async () => {
    await refresh();
    studio.proxy.clear();
    studio.proxy.setFaults(() => ({ kind: 'status', status: 502 }));
    const { summary, rows } = await refresh();
    expect(summary.unknown).toBe(127);
    expect(rows.some((row) => row.isPublishable || row.latest !== undefined)).toBe(false);
    // Each name that is asked for costs a probe as well.
    expect(studio.proxy.requests().length).toBeLessThan(200);
  });

  it('is found by reading only the manifests that changed', async () => {
    await refresh();
    const [first = ''] = names;
    studio.commit(slug, manifestFile(first, '1.0.1'));
    const { rows } = await refresh(slug);
    expect(rows.find((row) => row.name === first)).toMatchObject({ kind: 'ahead', headVersion: '1.0.1' });
    const kept = await studio.parts.store.catalog.listHeadPackages(1 as RepositoryId);
    expect(kept).toHaveLength(127);
  });
});

describe('names and their owners', () => {
  beforeAll(async () => {
    studio = await startStudio();
    for (const slug of ['studio/one', 'studio/two', 'studio/three']) await studio.addRepository(slug, {});
  }, 60_000);
  afterAll(async () => studio.stop());

  it('are recorded from the registry and from sole holders; a contest is announced once, until an operator ends it', async () => {
    const both = {
      ...manifestFile('com.studio.shared', '1.1.0'),
      ...manifestFile('com.studio.named', '1.1.0'),
    };
    studio.commit('studio/one', {
      ...both,
      ...manifestFile('com.studio.sole', '1.0.0'),
      ...manifestFile('com.studio.private', '1.0.0', { private: true }),
      ...manifestFile('com.elsewhere.tool', '1.0.0'),
      'Packages/com.studio.broken/package.json': '{"name": "com.studio.broken" "version": 1}',
      'a/package.json': JSON.stringify({ name: 'com.studio.twice', version: '1.0.0' }),
      'b/package.json': JSON.stringify({ name: 'com.studio.twice', version: '1.0.0' }),
    });
    studio.commit('studio/two', both);
    await studio.seed('com.studio.shared', '1.0.0');
    await studio.seed('com.studio.named', '1.0.0', {
      repository: { type: 'git', url: 'git+https://git.studio.test/studio/two.git' },
    });
    await studio.seed('com.studio.sole', '1.0.0');
    const { rows, summary } = await refresh();
    const shared = rows.filter((row) => row.name === 'com.studio.shared');
    expect(shared).toHaveLength(1);
    expect(shared[0]).toMatchObject({
      kind: 'duplicate-owner',
      detail: 'It stands in studio/one, studio/two',
      isPublishable: false,
    });
    expect(rows.filter((row) => row.name === 'com.studio.named')).toMatchObject([
      { kind: 'ahead', repository: 'studio/two' },
      { kind: 'duplicate-owner', repository: 'studio/one' },
    ]);
    const { ledger } = studio.parts.store;
    expect((await ledger.findOwner('com.studio.named'))?.slug).toBe('studio/two');
    expect((await ledger.findOwner('com.studio.sole'))?.slug).toBe('studio/one');
    expect(await ledger.findOwner('com.studio.shared')).toBeUndefined();
    expect(summary.excluded).toBe(5);
    const { operations } = studio;
    const decided = await operations.setOwner(
      'com.studio.shared',
      'https://github.com/studio/two',
      'discord:7',
    );
    expect(decided).toMatchObject({
      kind: 'changed',
      changes: ['owner of com.studio.shared: nobody → studio/two'],
    });
    const after = (await refresh()).rows.filter((row) => row.name === 'com.studio.shared');
    expect(after).toMatchObject([
      { kind: 'ahead', repository: 'studio/two', isPublishable: true },
      { kind: 'duplicate-owner', repository: 'studio/one', isPublishable: false },
    ]);
  });

  it('say why a package is not ours', async () => {
    const answer = await studio.operations.describeRepository('studio/one');
    if (answer.kind !== 'repository') throw new Error(answer.kind);
    const excluded = answer.drift.filter((row) => row.kind === 'excluded');
    expect(Object.fromEntries(excluded.map((row) => [row.path, row.detail]))).toEqual({
      'Packages/com.studio.private': 'It is marked "private"',
      'Packages/com.elsewhere.tool': 'Its name is outside the scopes (com.studio)',
      'Packages/com.studio.broken': expect.stringMatching(
        /^Packages\/com\.studio\.broken\/package\.json:1:\d+ /,
      ),
      a: 'com.studio.twice is declared more than once in this commit: a, b',
      b: 'com.studio.twice is declared more than once in this commit: a, b',
    });
  });

  it('get no owner from a sole holder while another head could not be read', async () => {
    await studio.addRepository('studio/late', {});
    await studio.parts.store.repositories.addUnknown([{ slug: 'studio/missing' as Slug, status: 'active' }]);
    studio.commit('studio/late', manifestFile('com.studio.late', '1.0.0'));
    await studio.seed('com.studio.late', '1.0.0');
    await refresh();
    expect(await studio.parts.store.ledger.findOwner('com.studio.late')).toBeUndefined();
    await studio.operations.removeRepository('studio/missing', 'discord:7');
    await refresh();
    expect((await studio.parts.store.ledger.findOwner('com.studio.late'))?.slug).toBe('studio/late');
  });
});

describe('after a job', () => {
  beforeAll(async () => {
    studio = await startStudio();
    await studio.addRepository('studio/one', {});
  }, 60_000);
  afterAll(async () => studio.stop());

  it('the cache knows what was published without asking the registry again', async () => {
    studio.commit('studio/one', packageFiles('com.studio.core', '1.0.0'));
    await studio.operations.requestPublish(ask({ kind: 'repository', slug: 'studio/one' }));
    const [job] = await studio.runJobs();
    studio.proxy.clear();
    studio.follower.jobEnded(job?.repositoryId ?? (0 as RepositoryId));
    const listed = async (): Promise<string | undefined> => {
      const answer = await studio.operations.describePackage('com.studio.core');
      return answer.kind === 'package' ? kindsOf(answer.rows)['com.studio.core'] : undefined;
    };
    await expect.poll(listed).toBe('equal');
    expect(studio.proxy.requests()).toEqual([]);
  });

  it('a version that we published and somebody removed is withdrawn, not ahead', async () => {
    studio.proxy.setFaults(({ path }) =>
      path.startsWith('/com.studio.core') ? { kind: 'hide-version', version: '1.0.0' } : undefined,
    );
    const { rows } = await refresh();
    expect(rows).toMatchObject([{ name: 'com.studio.core', kind: 'withdrawn', isPublishable: false }]);
  });

  it('a repository that cannot be read is refused when it was named, and keeps its last state among others', async () => {
    studio.host.setFault({ kind: 'status', status: 503 });
    const named = await studio.operations.refreshDrift('studio/one', () => undefined, never);
    expect(named).toMatchObject({ kind: 'refused', failure: { reason: 'git-host-unavailable' } });
    expect((await refresh()).rows).toHaveLength(1);
    studio.host.setFault(undefined);
    expect(await studio.operations.listDrift('studio/onr')).toMatchObject({
      kind: 'not-found',
      closest: 'studio/one',
    });
  });
});
