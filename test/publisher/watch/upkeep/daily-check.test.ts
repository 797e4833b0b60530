import { beforeEach, describe, expect, it } from 'vitest';
import type { DailyCheck } from '../../../../src/domain/announcement/daily-check.ts';
import type { Integrity, Packument } from '../../../../src/domain/package/packument.ts';
import type { RepositoryId } from '../../../../src/domain/repository/repository.ts';
import { runDailyCheck } from '../../../../src/publisher/watch/upkeep/daily-check.ts';
import { buildCheckWorld, type CheckWorld, integrityOf, openFailure, packumentOf } from './check-world.ts';

const never = new AbortController().signal;
let world: CheckWorld;

beforeEach(() => {
  world = buildCheckWorld();
});

async function check(): Promise<DailyCheck> {
  return runDailyCheck(world.deps, never);
}

/** Adds a correct package at a head, published by us. */
function addSound(name: string, version = '1.0.0'): void {
  world.commit(name, version);
  world.publish(name, version);
  world.registry.set(name, packumentOf(name, [version]));
}

describe('the daily check', () => {
  it('finds nothing when heads, ledger and registry agree', async () => {
    addSound('com.studio.core');
    addSound('com.studio.ui', '2.1.0');
    expect(await check()).toMatchObject({
      names: 2,
      unknownNames: 0,
      unreadRepositories: 0,
      anomalies: [],
      drift: { equal: 2 },
    });
  });

  it('reports a name that the registry refuses, unless a failure says so, and still checks the others', async () => {
    for (const name of ['com.studio.core', 'com.studio.secret', 'com.studio.told']) addSound(name);
    world.registry.set('com.studio.secret', 'refuses').set('com.studio.told', 'refuses');
    world.registry.set('com.studio.core', packumentOf('com.studio.core', []));
    world.failures.push(openFailure({ names: ['com.studio.told'] }));
    expect(await check()).toMatchObject({
      names: 3,
      unknownNames: 2,
      anomalies: [
        { kind: 'version-gone', name: 'com.studio.core' },
        { kind: 'name-refused', name: 'com.studio.secret', why: 'HTTP 403' },
      ],
    });
  });

  it('counts five names of 127 that the registry fails for as unknown, and concludes nothing about them', async () => {
    const names = Array.from({ length: 127 }, (_, index) => `com.studio.p${index}`);
    for (const name of names) addSound(name);
    const failing = [3, 50, 101, 119, 125].map((index) => names[index] ?? '');
    // Without an answer these names would look missing, replaced and unpublished.
    for (const name of failing) {
      world.registry.set(name, 'fails');
      world.commit(name, '1.1.0');
    }
    const found = await check();
    expect(found).toMatchObject({ names: 127, unknownNames: 5, anomalies: [] });
    expect(found.drift).toMatchObject({
      unknown: 5,
      equal: 122,
      ahead: 0,
      'never-published': 0,
      withdrawn: 0,
    });
    expect(world.asked()).toBe(127);
  });

  it('reports a higher version at a head that no job explains', async () => {
    addSound('com.studio.core');
    world.commit('com.studio.core', '1.1.0');
    expect((await check()).anomalies).toEqual([
      {
        kind: 'unexplained-drift',
        name: 'com.studio.core',
        repository: 'studio/packages',
        version: '1.1.0',
        latest: '1.0.0',
      },
    ]);
  });

  it.each([
    ['a job that waits', { live: true }],
    ['a failed job that names it', { failed: ['com.studio.core'] }],
    ['a failed job that got nowhere', { failed: [] }],
    ['a dismissed failure', { failed: ['com.studio.core'], isDismissed: true }],
    ['the next look of catching up', { unseen: true }],
  ] as const)('leaves drift to %s', async (_what, facts) => {
    addSound('com.studio.core');
    world.commit('com.studio.core', '1.1.0');
    if ('live' in facts)
      world.live.push({ job: 9, ...world.repository, status: 'queued', waitingFor: null, since: 0 });
    if ('failed' in facts) world.failures.push(openFailure({ ...facts, names: facts.failed }));
    if ('unseen' in facts) world.seen.clear();
    expect((await check()).anomalies).toEqual([]);
  });

  it('reports drift at a head that nobody looked at when catching up is off', async () => {
    addSound('com.studio.core');
    world.commit('com.studio.core', '1.1.0');
    world.seen.clear();
    const found = await runDailyCheck({ ...world.deps, catchesUp: false }, never);
    expect(found.anomalies.map(({ kind }) => kind)).toEqual(['unexplained-drift']);
  });

  it('does not take the failure of another package or repository for an explanation', async () => {
    addSound('com.studio.core');
    world.commit('com.studio.core', '1.1.0');
    world.failures.push(openFailure({ names: ['com.studio.ui'] }));
    world.failures.push({ ...openFailure({ names: ['com.studio.core'] }), repositoryId: 7 as RepositoryId });
    expect((await check()).anomalies).toHaveLength(1);
  });

  it('reports no drift in a repository that only watches', async () => {
    world.commit('com.studio.core', '1.1.0');
    world.repository = { ...world.repository, mode: 'shadow' };
    expect((await check()).anomalies).toEqual([]);
  });

  it('reports a manifest that cannot be used any more, and a package that is gone, once published by us', async () => {
    addSound('com.studio.core');
    addSound('com.studio.ui');
    world.commit('com.studio.tools', '1.0.0');
    world.registry.set('com.studio.tools', packumentOf('com.studio.tools', ['1.0.0']));
    expect((await check()).anomalies).toEqual([]);
    world.breakManifest('com.studio.core');
    world.remove('com.studio.ui');
    world.remove('com.studio.tools');
    expect((await check()).anomalies).toMatchObject([
      { kind: 'manifest-broken', name: 'com.studio.core', path: 'Packages/com.studio.core' },
      { kind: 'package-vanished', name: 'com.studio.ui', repository: 'studio/packages' },
    ]);
    world.now += 15 * 24 * 3_600_000;
    expect((await check()).anomalies.map(({ kind }) => kind)).toEqual(['manifest-broken']);
  });

  it('reports nothing as gone from a repository that could not be read', async () => {
    addSound('com.studio.core');
    await check();
    world.remove('com.studio.core');
    world.isHostDown = true;
    expect(await check()).toMatchObject({ repositories: 1, unreadRepositories: 1, anomalies: [] });
  });
});

describe('what the registry shows', () => {
  const name = 'com.studio.core';

  /** Checks a packument, with everything that we published. */
  async function judge(packument: Packument | undefined): Promise<DailyCheck['anomalies']> {
    world.registry.set(name, packument);
    return (await check()).anomalies;
  }

  it('is compared with the integrity that we published, also for versions that are at no head', async () => {
    world.publish(name, '1.0.0');
    world.publish(name, '1.1.0');
    const tampered = packumentOf(name, ['1.0.0', '1.1.0']);
    const versions = new Map(tampered.versions);
    versions.set('1.0.0', { version: '1.0.0', integrity: integrityOf('somebody else') });
    expect(await judge({ ...tampered, versions })).toEqual([
      { kind: 'integrity-differs', name, version: '1.0.0' },
    ]);
  });

  it('does not count as another copy when it has no integrity', async () => {
    world.publish(name, '1.0.0');
    const bare = { version: '1.0.0', integrity: undefined };
    expect(await judge({ ...packumentOf(name, ['1.0.0']), versions: new Map([['1.0.0', bare]]) })).toEqual(
      [],
    );
  });

  const other = { kind: 'integrity-differs', name, version: '1.0.0' } as const;

  it.each([
    ['shows no hash', undefined],
    ['shows none that we know', `sha256-${'A'.repeat(43)}=` as Integrity],
  ])('is judged by the served bytes when it %s', async (_what, integrity) => {
    world.publish(name, '1.0.0');
    const versions = new Map([['1.0.0', { version: '1.0.0', integrity }]]);
    const packument = { ...packumentOf(name, ['1.0.0']), versions };
    expect(await judge(packument)).toEqual([]);
    world.served.set(`${name}@1.0.0`, 'unreadable');
    expect(await judge(packument)).toEqual([]);
    world.served.set(`${name}@1.0.0`, integrityOf('somebody else'));
    expect(await judge(packument)).toEqual([other]);
  });

  it('does not hide that another upload replaced the tarball right after it was published', async () => {
    world.publish(name, '1.0.0');
    world.served.set(`${name}@1.0.0`, integrityOf('somebody else'));
    expect(await judge(packumentOf(name, ['1.0.0']))).toEqual([other]);
  });

  it.each([
    ['one version', packumentOf(name, ['1.1.0']), ['1.0.0']],
    ['the whole name', undefined, ['1.0.0', '1.1.0']],
  ] as const)('is reported when it has lost %s of ours', async (_what, packument, versions) => {
    world.publish(name, '1.0.0');
    world.publish(name, '1.1.0');
    expect(await judge(packument)).toEqual([{ kind: 'version-gone', name, versions }]);
  });

  it.each([
    [
      'a prerelease',
      '2.0.0-beta.1',
      { kind: 'latest-is-prerelease', latest: '2.0.0-beta.1', stable: '1.1.0' },
    ],
    ['a lower version', '1.0.0', { kind: 'latest-is-not-highest', latest: '1.0.0', stable: '1.1.0' }],
    ['nothing', undefined, { kind: 'latest-is-not-highest', latest: undefined, stable: '1.1.0' }],
    [
      'a version that is not there',
      '9.0.0',
      { kind: 'latest-is-not-highest', latest: undefined, stable: '1.1.0' },
    ],
    ['words', 'not a version', { kind: 'latest-is-not-highest', latest: undefined, stable: '1.1.0' }],
  ] as const)('is reported when its latest points to %s', async (_what, latest, anomaly) => {
    world.publish(name, '1.0.0');
    const packument = packumentOf(name, ['1.0.0', '1.1.0', '2.0.0-beta.1']);
    expect(await judge({ ...packument, distTags: latest === undefined ? {} : { latest } })).toEqual([
      { name, ...anomaly },
    ]);
  });

  it('may have a prerelease as latest while there is no stable version', async () => {
    world.publish(name, '1.0.0-beta.1');
    expect(await judge(packumentOf(name, ['1.0.0-beta.1']))).toEqual([]);
  });

  it('is reported when its latest went back, until latest is set again', async () => {
    world.publish(name, '1.0.0');
    const packument = packumentOf(name, ['1.0.0', '1.1.0']);
    expect(await judge(packument)).toEqual([]);
    const back = { ...packument, distTags: { latest: '1.0.0' } };
    const anomaly = { kind: 'latest-went-back', name, latest: '1.0.0', before: '1.1.0' };
    expect(await judge(back)).toEqual([anomaly]);
    expect(await judge(back)).toEqual([anomaly]);
    expect(await judge(packument)).toEqual([]);
  });
});
