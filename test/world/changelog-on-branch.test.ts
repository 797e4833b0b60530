import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitSync } from '../../sandbox/git-sync.ts';
import { World } from '../../sandbox/world.ts';
import { readCount } from './stored-rows.ts';
import { bareOf, changelogAt, changelogInTarball, publishTwo, waitUntil } from './written-back.ts';

const guarded = 'studio/guarded';
const rollingBranch = 'upm-publisher/changelogs';

let world: World;

beforeAll(async () => {
  world = await World.start({ repositories: [{ slug: guarded }] });
  world.sendWebhooks();
});

afterAll(async () => world.stop());

describe('after a publish', () => {
  const name = 'com.studio.core';
  let commit: string;
  let tip: string;

  beforeAll(async () => {
    commit = await publishTwo(world, name, world.slug);
    await waitUntil(world, name, 'written');
    tip = world.tip(world.slug) ?? '';
  }, 120_000);

  it('the branch of the repository has exactly the changelog of the tarball, one commit later', async () => {
    expect(changelogAt(world, world.slug, 'main')).toBe(await changelogInTarball(world, name));
    expect(changelogAt(world, world.slug, 'main')).toContain('## [1.1.0] - ');
    expect(gitSync(['-C', bareOf(world, world.slug), 'rev-parse', 'main^'])).toBe(commit);
  });

  it('our own commit publishes nothing: neither when a webhook announces it nor when it is dispatched', async () => {
    const jobs = readCount(world, 'select count(*) from jobs');
    const push = { ref: 'refs/heads/main', before: commit, after: tip };
    const sent = await world.github.announcePush(world.slug, push);
    const handled = await world.process.waitFor(
      ({ msg, delivery }) => msg === 'webhook handled' && delivery === sent?.guid,
    );
    expect(handled['outcome']).toBe('our own commit');
    expect(readCount(world, 'select count(*) from jobs')).toBe(jobs);
    const puts = world.puts();
    const { id } = await world.dispatch(tip);
    expect((await world.finished(id)).status).toBe('nothing-to-publish');
    expect(world.puts()).toBe(puts);
    expect(world.tip(world.slug)).toBe(tip);
  });
});

describe('where the branch is protected', () => {
  const name = 'com.studio.guarded';

  it('one pull request carries the entry of the tarball', async () => {
    world.github.protect(guarded, 'main', { how: 'ruleset' });
    const commit = await publishTwo(world, name, guarded);
    await waitUntil(world, name, 'in-pull-request');
    const { pulls } = world.github.repository(guarded);
    expect(pulls).toMatchObject([{ head: rollingBranch, base: 'main', state: 'open' }]);
    expect(world.tip(guarded)).toBe(commit);
    expect(changelogAt(world, guarded, rollingBranch)).toBe(await changelogInTarball(world, name));
  }, 120_000);
});
