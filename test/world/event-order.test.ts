import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { World } from '../../sandbox/world.ts';
import { announcementsOf, dispatchAtOnce, pushVersions, slowUploadOf } from './event-order.ts';
import { versionsOf } from './releasing.ts';

const slugs = ['studio/order', 'studio/late'];
let world: World;

beforeAll(async () => {
  world = await World.start({ repositories: slugs.map((slug) => ({ slug })) });
});

afterAll(async () => world.stop());

describe('dispatches in another order than their commits', () => {
  it('are published in the order of the commits while they wait', async () => {
    const repository = 'studio/order';
    const name = 'com.studio.order';
    const versions = ['1.0.0', '1.1.0', '1.2.0', '1.3.0', '1.4.0'];
    const [first = '', ...others] = pushVersions(world, repository, name, versions);
    slowUploadOf(world, name, 1_500);
    const { id } = await world.dispatch(first, { repository });
    await world.process.waitFor(({ msg, commit }) => msg === 'job started' && commit === first);
    const jobs = await dispatchAtOnce(world, repository, others.toReversed());
    world.proxy.clear();
    expect((await world.finished(id)).status).toBe('published');
    expect(jobs.map(({ status }) => status)).toEqual(Array.from({ length: 4 }, () => 'published'));
    expect(await versionsOf(world, name)).toEqual(versions);
  });

  it('are no failure once a newer commit was judged: what is left out is listed once, in one line', async () => {
    const repository = 'studio/late';
    const name = 'com.studio.late';
    const [first, second, third] = pushVersions(world, repository, name, ['1.0.0', '1.1.0', '1.2.0']);
    await dispatchAtOnce(world, repository, [first ?? '']);
    await dispatchAtOnce(world, repository, [third ?? '']);
    const [late] = await dispatchAtOnce(world, repository, [second ?? '']);
    expect(late).toMatchObject({ status: 'nothing-to-publish', failure: null });
    expect(late?.packages).toMatchObject([
      {
        name,
        version: '1.1.0',
        outcome: 'skipped',
        reason: 'superseded',
        title: `Superseded by the newer commit ${third?.slice(0, 7)}: 1.1.0 is not higher than 1.2.0, which is already on the registry`,
      },
    ]);
    const [again] = await dispatchAtOnce(world, repository, [second ?? '']);
    expect(again?.packages).toMatchObject([{ outcome: 'skipped', reason: 'superseded' }]);
    const told = announcementsOf(world, repository).map(({ status, packages }) => ({
      status,
      versions: packages.map((item) => item.version),
    }));
    expect(told).toEqual([
      { status: 'published', versions: ['1.0.0'] },
      { status: 'published', versions: ['1.2.0'] },
      { status: 'nothing-to-publish', versions: ['1.1.0'] },
    ]);
    expect(await versionsOf(world, name)).toEqual(['1.0.0', '1.2.0']);
  });
});
