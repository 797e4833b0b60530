import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { gitSync } from '../../sandbox/git-sync.ts';
import { type TreeFiles, unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';
import { openRegistry } from '../adapters/registry-fixtures.ts';
import { readCount, readRows } from './stored-rows.ts';

const within = { timeout: 150_000, interval: 50 };
const never = new AbortController().signal;
const guarded = 'studio/guarded';
const rollingBranch = 'upm-publisher/changelogs';
const states =
  'select version, state from changelog_write_backs join changelog_entries on entry = id where name = ?';

let world: World;

beforeAll(async () => {
  world = await World.start({ repositories: [{ slug: guarded }] });
  world.sendWebhooks();
});

afterAll(async () => world.stop());

/** A higher version and a changed script; the changelog stays as it was committed. */
function raised(name: string, version: string): TreeFiles {
  const files = unityPackage(name, version, { folder: 'Core' });
  return {
    'Core/package.json': files['Core/package.json'] ?? '',
    'Core/Runtime/Example.cs': `// ${version}\n`,
  };
}

/** Publishes 1.0.0 with its own entry, and 1.1.0 for which one has to be made; the commit of the latter. */
async function publishTwo(name: string, repository: string): Promise<string> {
  await publish(unityPackage(name, '1.0.0', { folder: 'Core' }), repository);
  return publish(raised(name, '1.1.0'), repository);
}

async function publish(files: TreeFiles, repository: string): Promise<string> {
  const commit = world.push({ files }, repository);
  const { id } = await world.dispatch(commit, { repository });
  expect((await world.finished(id)).status).toBe('published');
  return commit;
}

async function waitUntil(name: string, state: string): Promise<void> {
  const expected = [{ version: '1.1.0', state }];
  await vi.waitFor(() => expect(readRows(world, states, name)).toEqual(expected), within);
}

const bareOf = (slug: string): string => world.github.repository(slug).bare;
const changelogAt = (slug: string, ref: string): string =>
  `${gitSync(['-C', bareOf(slug), 'show', `${ref}:Core/CHANGELOG.md`])}\n`;

async function changelogInTarball(name: string): Promise<string | undefined> {
  const registry = openRegistry({ url: world.registry.url, token: () => world.registry.token });
  try {
    return await registry.findText(name, '1.1.0', 'CHANGELOG.md', never);
  } finally {
    await registry.stop();
  }
}

describe('after a publish', () => {
  const name = 'com.studio.core';
  let commit: string;
  let tip: string;

  beforeAll(async () => {
    commit = await publishTwo(name, world.slug);
    await waitUntil(name, 'written');
    tip = world.tip(world.slug) ?? '';
  }, 120_000);

  it('the branch of the repository holds the very changelog of the tarball, one commit later', async () => {
    expect(changelogAt(world.slug, 'main')).toBe(await changelogInTarball(name));
    expect(changelogAt(world.slug, 'main')).toContain('## [1.1.0] - ');
    expect(gitSync(['-C', bareOf(world.slug), 'rev-parse', 'main^'])).toBe(commit);
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
    const commit = await publishTwo(name, guarded);
    await waitUntil(name, 'in-pull-request');
    const { pulls } = world.github.repository(guarded);
    expect(pulls).toMatchObject([{ head: rollingBranch, base: 'main', state: 'open' }]);
    expect(world.tip(guarded)).toBe(commit);
    expect(changelogAt(guarded, rollingBranch)).toBe(await changelogInTarball(name));
  }, 120_000);
});

describe('while GitHub is down', () => {
  const name = 'com.studio.later';
  const slug = 'studio/later';

  it('an entry stays owed, is told, survives a restart and is written when GitHub is back', async () => {
    const later = await World.start({ repositories: [{ slug }] });
    const before = world;
    world = later;
    try {
      await publish(unityPackage(name, '1.0.0', { folder: 'Core' }), slug);
      world.github.setFault(({ path }) =>
        path === '/graphql' || path.startsWith('/repos/') ? { kind: 'status', status: 503 } : undefined,
      );
      const commit = await publish(raised(name, '1.1.0'), slug);
      await world.process.waitFor(({ msg }) => msg === 'changelogs are still owed');
      await waitUntil(name, 'owed');
      await world.restart('SIGKILL');
      expect(readRows(world, states, name)).toEqual([{ version: '1.1.0', state: 'owed' }]);
      expect(world.tip(slug)).toBe(commit);
      world.github.setFault(undefined);
      await waitUntil(name, 'written');
      expect(changelogAt(slug, 'main')).toBe(await changelogInTarball(name));
    } finally {
      world = before;
      await later.stop();
    }
  }, 240_000);
});
