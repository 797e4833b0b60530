import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failure, Outage } from '../../../../src/domain/failure/failure.ts';
import { NameRefusal } from '../../../../src/domain/failure/name-trouble.ts';
import { blankResult, failed } from '../../../../src/domain/job/package-result.ts';
import type { Integrity } from '../../../../src/domain/package/packument.ts';
import { seeInTrial } from '../../../../src/publisher/trial/registry-in-trial.ts';
import { claimJob } from '../../../store/queued-job.ts';
import { commit, one, startTrial, type TrialWorld } from './trial-world.ts';

const name = 'com.studio.core';
let world: TrialWorld;

beforeEach(async () => {
  world = await startTrial();
});

afterEach(async () => world.stop());

async function holdAtHead(version: string, exclusion?: string): Promise<void> {
  const item = { path: 'core', name, version, manifestOid: 'b'.repeat(40), exclusion };
  await world.store.catalog.saveHead(one, { branch: 'main', commit }, [item]);
}

describe('a trial in shadow mode', () => {
  it('waits until the registry has received the version, compares it once and announces that once', async () => {
    await world.record(name, '1.0.0');
    expect(await world.compare()).toMatchObject({ identical: 0, differing: 0 });
    expect(await world.told()).toEqual([]);
    world.arrive(name, '1.0.0', { integrity: 'sha512-ours', receivedAt: 1_800_000_100_000 });
    expect(await world.compare()).toMatchObject({ identical: 1 });
    expect(await world.told()).toMatchObject([
      {
        kind: 'shadow-compared',
        repository: 'studio/one',
        findings: [
          {
            version: '1.0.0',
            comparison: { kind: 'identical' },
            ourTag: 'latest',
            tags: ['latest'],
            receivedAt: 1_800_000_100_000,
          },
        ],
      },
    ]);
    expect(await world.compare()).toMatchObject({ identical: 0 });
    expect(await world.told()).toEqual([]);
    expect(await world.store.comparisons.summarize(one)).toMatchObject({
      compared: 1,
      identical: 1,
      waiting: 0,
    });
  });

  it('skips a name that the registry refuses, counts it, and compares the others', async () => {
    await world.stop();
    const refuse = async (asked: string): Promise<never> => {
      throw new NameRefusal(asked, { kind: 'forbidden', status: 403 });
    };
    world = await startTrial({}, (asked) => (asked === 'com.studio.secret' ? refuse(asked) : undefined));
    await world.record('com.studio.secret', '1.0.0');
    await world.record(name, '1.0.0');
    world.arrive(name, '1.0.0', { integrity: 'sha512-ours' });
    expect(await world.compare()).toMatchObject({ identical: 1, refused: 1 });
    expect(await world.told()).toMatchObject([{ findings: [{ name, comparison: { kind: 'identical' } }] }]);
  });

  it('looks into the other archive when the bytes differ, and reports its dist-tag', async () => {
    const files = [{ path: 'A.cs', bytes: 1, sha256: 'x' }];
    await world.record(name, '1.0.0', { contents: { files, manifest: undefined } });
    const integrity = 'sha512-theirs' as Integrity;
    const contents = { files: [...files, { path: '.env', bytes: 1, sha256: 'y' }], manifest: undefined };
    world.arrive(name, '1.0.0', { contents: { kind: 'contents', contents, integrity }, distTags: ['beta'] });
    expect(await world.compare()).toMatchObject({ differing: 1 });
    expect(await world.told()).toMatchObject([
      {
        findings: [{ tags: ['beta'], comparison: { differences: { onlyThere: { shown: ['.env'] } } } }],
      },
    ]);
    expect(await world.store.comparisons.summarize(one)).toMatchObject({ compared: 1, differing: 1 });
  });

  it('reports after two days that the other publisher has not published it, once, and still compares it later', async () => {
    await world.record(name, '1.0.0');
    world.pass(47);
    await world.compare();
    expect(await world.told()).toEqual([]);
    world.pass(2);
    expect(await world.compare()).toMatchObject({ overdue: 1 });
    expect(await world.told()).toMatchObject([{ findings: [{ kind: 'overdue', version: '1.0.0' }] }]);
    expect(await world.compare()).toMatchObject({ overdue: 0 });
    expect(await world.store.comparisons.summarize(one)).toMatchObject({ waiting: 1, overdue: 1 });
    world.arrive(name, '1.0.0', { integrity: 'sha512-ours' });
    expect(await world.compare()).toMatchObject({ identical: 1 });
  });

  it('reports what the registry received and we would not have published, with our job’s reason', async () => {
    await holdAtHead('1.1.0');
    world.arrive(name, '1.0.0');
    await world.compare();
    world.arrive(name, '1.1.0');
    await world.compare();
    expect(await world.told()).toEqual([]);
    const { queue, jobLog } = world.store;
    await world.addJob();
    const job = await claimJob(queue);
    const blank = { ...blankResult(name, 'core', 'failed'), version: '1.1.0' };
    await jobLog.savePackages(job, [failed(blank, failure('duplicate-name', { name, paths: 'a, b' }))]);
    world.pass(1);
    expect(await world.compare()).toMatchObject({ unexpected: 1 });
    const [announcement] = await world.told();
    expect(announcement).toMatchObject({
      findings: [{ kind: 'unexpected', version: '1.1.0', why: expect.stringContaining(name) }],
    });
    expect(await world.compare()).toMatchObject({ unexpected: 0 });
  });

  it('reports nothing when our own job comes through within half an hour', async () => {
    await holdAtHead('1.1.0');
    await world.compare();
    world.arrive(name, '1.1.0', { integrity: 'sha512-ours' });
    await world.compare();
    await world.record(name, '1.1.0');
    world.pass(1);
    expect(await world.compare()).toMatchObject({ unexpected: 0, identical: 1 });
  });

  it('names an excluded package only when the registry received exactly the repository’s version', async () => {
    await holdAtHead('2.0.0', 'It is marked "private"');
    await world.compare();
    world.arrive(name, '1.9.0');
    world.arrive(name, '2.0.0');
    await world.compare();
    world.pass(1);
    expect(await world.compare()).toMatchObject({ unexpected: 1 });
    expect(await world.told()).toMatchObject([
      { findings: [{ version: '2.0.0', why: 'It is marked "private"' }] },
    ]);
  });

  it('reports what it found before the registry went away, and nothing twice after that', async () => {
    await world.stop();
    let isDown = true;
    world = await startTrial({
      registry: {
        findPackument: async () => {
          if (isDown) throw new Outage('registry', 'down', 'HTTP 503');
          return undefined;
        },
      },
    });
    await world.record(name, '1.0.0');
    world.pass(49);
    await expect(world.compare()).rejects.toBeInstanceOf(Outage);
    expect(await world.told()).toEqual([]);
    isDown = false;
    expect(await world.compare()).toMatchObject({ overdue: 1 });
  });

  it('ends when the repository goes live: nothing is waited for, and what was compared stays', async () => {
    await world.record(name, '1.0.0');
    await world.record(name, '2.0.0');
    world.arrive(name, '1.0.0', { integrity: 'sha512-ours' });
    await world.compare();
    await world.store.register.change(one, { mode: 'live' }, ['mode: shadow → live'], 'discord:7');
    world.pass(72);
    expect(await world.compare()).toMatchObject({ repositories: 0, overdue: 0 });
    expect(await world.store.comparisons.summarize(one)).toMatchObject({ compared: 1, waiting: 0 });
    expect(await world.store.trial.listRecorded(name)).toMatchObject([{ version: '1.0.0' }]);
  });
});

describe('the versions against which a job in shadow mode decides', () => {
  const packument = (versions: readonly string[]) => {
    const known = versions.map(
      (version) => [version, { version, integrity: 'sha512-x' as Integrity }] as const,
    );
    return { name, versions: new Map(known), distTags: {}, repositoryUrl: undefined };
  };
  const job = { number: 77, repositoryId: one };

  it('are those of the registry at the start of the trial and of the trial, not what another publisher put there', async () => {
    const see = async (versions: readonly string[]) => {
      const { trial } = world.store;
      const seen = await seeInTrial(trial, job, name, packument(versions));
      await trial.begin(one, name, versions);
      return [...(seen?.versions.keys() ?? [])];
    };
    expect(await see(['1.0.0'])).toEqual(['1.0.0']);
    expect(await see(['1.0.0', '1.1.0'])).toEqual(['1.0.0']);
    await world.record(name, '1.1.0');
    expect(await see(['1.0.0', '1.1.0', '1.2.0'])).toEqual(['1.0.0', '1.1.0']);
  });

  it('do not include what this job itself recorded, so that it goes on after a restart', async () => {
    await world.record(name, '1.0.0', { job: 1 });
    const seen = await seeInTrial(world.store.trial, { ...job, number: 1 }, name, packument([]));
    expect([...(seen?.versions.keys() ?? [])]).toEqual([]);
  });
});
