import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { type Accepted, World } from '../../sandbox/world.ts';
import { buildRandom } from '../faults/seeded.ts';
import { announcementsOf, dispatchAtOnce, pushVersions } from './event-order.ts';
import { folderOf, releaseVersion, tagsOf, versionsOf } from './releasing.ts';
import { packageOf } from './report-reading.ts';

const many = Array.from({ length: 8 }, (_, index) => `studio/many-${index}`);
const branching = { slug: 'studio/branching', settings: { branches: ['release/*'] } };
const others = ['studio/mended', 'studio/paths', 'studio/merges', 'studio/rewritten', 'studio/betas'];
let world: World;

beforeAll(async () => {
  const repositories = [...many, ...others].map((slug) => ({ slug }));
  world = await World.start({ repositories: [...repositories, branching] });
});

afterAll(async () => world.stop());

/** Sends as a sender does: repeats a request that took too long to arrive on a busy machine. */
async function send(repository: string, commit: string, triesLeft = 5): Promise<Accepted> {
  try {
    return await world.dispatch(commit, { repository });
  } catch (error) {
    if (triesLeft === 0 || !String(error).includes('answered 408')) throw error;
    return send(repository, commit, triesLeft - 1);
  }
}

describe('eight commits each of eight repositories, dispatched at once in any order', () => {
  it('cause no failure, and each repository publishes in the order of its commits', async () => {
    const versions = Array.from({ length: 8 }, (_, index) => `1.${index}.0`);
    const pushes = many.flatMap((repository, index) => {
      const name = `com.studio.many${index}`;
      return pushVersions(world, repository, name, versions).map((commit) => ({ repository, commit }));
    });
    const seed = Number(process.env['ORDER_SEED'] ?? randomInt(2 ** 31));
    const random = buildRandom(seed);
    const order = pushes
      .map((push) => ({ push, at: random(2 ** 31) }))
      .toSorted((one, other) => one.at - other.at)
      .map(({ push }) => push);
    const accepted = await Promise.all(order.map(async ({ repository, commit }) => send(repository, commit)));
    const jobs = await Promise.all(accepted.map(async ({ id }) => world.finished(id)));
    const states = jobs.map(({ status }) => status);
    expect(
      states.filter((status) => status === 'failed'),
      `ORDER_SEED=${seed}`,
    ).toEqual([]);
    for (const [index] of many.entries()) {
      const published = await versionsOf(world, `com.studio.many${index}`);
      expect(published, `ORDER_SEED=${seed}`).toEqual(published.toSorted());
      expect(await tagsOf(world, `com.studio.many${index}`)).toMatchObject({ latest: '1.7.0' });
    }
  });
});

describe('a commit whose event comes after that of a newer one', () => {
  it('is no failure for a manifest that the newer one has fixed', async () => {
    const repository = 'studio/mended';
    const name = 'com.studio.mended';
    const folder = folderOf(name);
    const [, broken = '', mended = ''] = world.pushAll(
      [
        { files: unityPackage(name, '1.0.0', { folder }) },
        { files: { [`${folder}/package.json`]: '{"name": "com.studio.mended",' } },
        { files: unityPackage(name, '1.1.0', { folder }) },
      ],
      repository,
    );
    await dispatchAtOnce(world, repository, [mended]);
    const [late] = await dispatchAtOnce(world, repository, [broken]);
    expect(late?.status).toBe('nothing-to-publish');
    expect(late?.packages).toMatchObject([{ outcome: 'skipped', reason: 'superseded' }]);
    expect(announcementsOf(world, repository).map(({ status }) => status)).toEqual(['published']);
  });

  it('is judged by itself on its own branch, and superseded on another only by a commit that builds on it', async () => {
    const repository = branching.slug;
    const name = 'com.studio.branching';
    const files = (version: string) => unityPackage(name, version, { folder: folderOf(name) });
    const first = world.push({ files: files('1.0.0') }, repository);
    const next = world.push({ files: files('2.0.0') }, repository);
    const backport = world.push({ files: files('1.0.1'), branch: 'release/1.0', parent: first }, repository);
    const [newest] = await dispatchAtOnce(world, repository, [next]);
    expect(newest?.status).toBe('published');
    const [older] = await dispatchAtOnce(world, repository, [first]);
    expect(packageOf(older ?? ({} as never), name)).toMatchObject({
      outcome: 'skipped',
      reason: 'superseded',
    });
    // Its line has no stable version now, which only a person can decide about.
    const [unrelated] = await dispatchAtOnce(world, repository, [backport]);
    expect(packageOf(unrelated ?? ({} as never), name)).toMatchObject({ reason: 'version-not-increased' });
  });

  it('is superseded for the one package that the newer dispatch named', async () => {
    const repository = 'studio/paths';
    const [one, two] = ['com.studio.one', 'com.studio.two'] as const;
    const both = (version: string) => ({
      files: {
        ...unityPackage(one, version, { folder: folderOf(one) }),
        ...unityPackage(two, version, { folder: folderOf(two) }),
      },
    });
    const [first = '', second = '', third = ''] = world.pushAll(
      [both('1.0.0'), both('1.1.0'), both('1.2.0')],
      repository,
    );
    await dispatchAtOnce(world, repository, [first]);
    await dispatchAtOnce(world, repository, [third], { package_path: folderOf(one) });
    const [late] = await dispatchAtOnce(world, repository, [second]);
    expect(late?.status).toBe('published');
    expect(late?.packages).toMatchObject([
      { name: one, outcome: 'skipped', reason: 'superseded' },
      { name: two, outcome: 'published', version: '1.1.0' },
    ]);
  });

  it('does not take the tag of a newer prerelease', async () => {
    const repository = 'studio/betas';
    const name = 'com.studio.betas';
    const versions = ['1.0.0-beta.1', '1.0.0-beta.2', '1.0.0-beta.3'];
    const [, second = '', third = ''] = pushVersions(world, repository, name, versions);
    await dispatchAtOnce(world, repository, [third]);
    const [late] = await dispatchAtOnce(world, repository, [second]);
    expect(late?.packages).toMatchObject([{ outcome: 'skipped', reason: 'superseded' }]);
    expect(await tagsOf(world, name)).toMatchObject({ beta: '1.0.0-beta.3' });
  });

  it('is a failure as usual when the branch was rewritten, because nothing newer builds on it', async () => {
    const repository = 'studio/rewritten';
    const name = 'com.studio.rewritten';
    const [parent = '', second = ''] = pushVersions(world, repository, name, ['1.0.0', '2.0.0']);
    await dispatchAtOnce(world, repository, [parent]);
    await dispatchAtOnce(world, repository, [second]);
    const { status } = await releaseVersion(world, name, '1.5.0', { repository, parent });
    expect(status).toBe('failed');
  });

  it('is published beside latest where the setting says so, and takes no tag from what is newer', async () => {
    world.process.kill('SIGTERM');
    await world.process.exited;
    world.process = await world.startProcess({ PUBLISH_SUPERSEDED: 'backport' });
    const repository = 'studio/merges';
    const name = 'com.studio.merges';
    const versions = ['1.0.0', '1.1.0', '1.1.1', '1.1.2'];
    const commits = pushVersions(world, repository, name, versions);
    for (const index of [0, 3, 2, 1]) await dispatchAtOnce(world, repository, [commits[index] ?? '']);
    expect((await versionsOf(world, name)).toSorted()).toEqual(versions);
    expect(await tagsOf(world, name)).toEqual({ latest: '1.1.2', superseded: '1.1.0' });
  });
});
