import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitSync } from '../../sandbox/git-sync.ts';
import type { World } from '../../sandbox/world.ts';
import { announce, core, jobOf, none, outcomeOf, slug, startWebhookWorld } from './webhook-world.ts';

let world: World;

beforeAll(async () => {
  world = await startWebhookWorld();
});
afterAll(async () => world?.stop());

async function versions(name: string): Promise<readonly string[]> {
  return Object.keys((await world.packument(name))?.versions ?? {});
}

describe('a push webhook', () => {
  it('publishes what the push bumped, even when the bump is in the first of three commits', async () => {
    const first = world.push({ files: core('1.0.0') });
    const outcome = await announce(world, { after: first });
    expect(await jobOf(world, outcome)).toBe('published');
    world.push({ files: core('1.0.1') });
    world.push({ files: { 'README.md': '# One\n' } });
    const last = world.push({ files: { 'README.md': '# Two\n' } });
    expect(await jobOf(world, await announce(world, { before: first, after: last }))).toBe('published');
    expect(await versions('com.studio.core')).toEqual(['1.0.0', '1.0.1']);
  });

  it('becomes no dispatch when no manifest changed', async () => {
    const commit = world.push({ files: { 'README.md': '# Three\n' } });
    expect(await announce(world, { after: commit })).toBe('no manifest changed');
  });

  it('of a tag, of a branch that does not publish, of a deletion or of our own commit becomes no dispatch either', async () => {
    const commit = world.push({ branch: 'feature', files: core('9.0.0') });
    expect(await announce(world, { ref: 'refs/tags/v9', after: commit })).toBe('no branch');
    expect(await announce(world, { ref: 'refs/heads/feature', after: commit })).toBe(
      'not a branch that publishes',
    );
    expect(await announce(world, { ref: 'refs/heads/feature', after: none })).toBe('the ref was deleted');
    const own = world.push({
      author: 'upm-auto-publisher[bot]',
      message: 'docs: update changelogs\n\nFor com.studio.core',
      files: { 'Core/CHANGELOG.md': '# Changelog\n' },
    });
    expect(await announce(world, { after: own })).toBe('our own commit');
  });

  it('of a forced push judges the new head, and ignores a head that was pushed over', async () => {
    const lost = world.push({ files: core('1.5.0') });
    const parent = gitSync(['-C', world.github.repository(slug).bare, 'rev-parse', `${lost}^`]);
    const kept = world.push({ parent, files: core('1.0.2') });
    gitSync(['-C', world.github.repository(slug).bare, 'reflog', 'expire', '--expire=now', '--all']);
    expect(await announce(world, { after: lost })).toBe('the commit is not on its branch any more');
    expect(await jobOf(world, await announce(world, { before: lost, after: kept }))).toBe('published');
    expect(await versions('com.studio.core')).toEqual(['1.0.0', '1.0.1', '1.0.2']);
  });

  it('and a dispatch of the same commit are one job and one publish', async () => {
    const puts = world.puts();
    const commit = world.push({ files: core('1.1.0') });
    const dispatched = await world.dispatch(commit);
    expect(await announce(world, { after: commit })).toBe(`job #${dispatched.job}, as before`);
    expect((await world.finished(dispatched.id)).status).toBe('published');
    expect(world.puts()).toBe(puts + 1);
  });

  it('of a registered branch publishes, by its pattern', async () => {
    const main = world.push({ files: core('3.0.0', 'Line', 'com.studio.line') }, 'studio/lines');
    expect(await jobOf(world, await announce(world, { after: main }, 'studio/lines'))).toBe('published');
    const branch = 'release/2.x';
    const files = core('2.0.1', 'Line', 'com.studio.line');
    const commit = world.push({ branch, parent: main, files }, 'studio/lines');
    const outcome = await announce(world, { ref: `refs/heads/${branch}`, after: commit }, 'studio/lines');
    expect(outcome).toMatch(/^job #\d+$/);
    await jobOf(world, outcome);
  });

  it('of a repository that nobody registered is ignored without a message', async () => {
    const commit = world.push({ files: core('1.0.0') }, 'studio/unknown');
    expect(await announce(world, { after: commit }, 'studio/unknown')).toBe('not an active repository');
    expect(world.process.lines().filter(({ msg }) => msg === 'announcement')).not.toContainEqual(
      expect.objectContaining({ announcement: expect.objectContaining({ repository: 'studio/unknown' }) }),
    );
  });

  it('with 2,048 commits, announced by as many pages of text, publishes the one that counts', async () => {
    const bump = world.push({ files: core('1.2.0') });
    const commits = Array.from({ length: 2048 }, (_, index) => ({
      id: index.toString(16).padStart(40, '0'),
      message: 'x'.repeat(1000),
    }));
    const repository = world.github.showRepository(slug);
    const payload = { ref: 'refs/heads/main', before: none, after: bump, commits, repository };
    const sent = await world.github.deliver('push', payload);
    expect(sent?.statusCode).toBe(202);
    expect(await jobOf(world, await outcomeOf(world, sent?.guid ?? ''))).toBe('published');
  });
});

describe('a webhook delivery', () => {
  it('that comes twice is handled once', async () => {
    const commit = world.push({ files: core('1.3.0') });
    const sent = await world.github.announcePush(slug, {
      ref: 'refs/heads/main',
      before: none,
      after: commit,
    });
    await jobOf(world, await outcomeOf(world, sent?.guid ?? ''));
    const again = await world.github.redeliver(sent?.id ?? 0);
    expect(again).toMatchObject({ guid: sent?.guid, statusCode: 202 });
    const handled = world.process
      .lines()
      .filter(({ delivery, msg }) => msg === 'webhook handled' && delivery === sent?.guid);
    expect(handled).toHaveLength(1);
  });

  it('that the process accepted before it was killed is handled after it', async () => {
    world.host.setFault({ kind: 'status', status: 503 });
    const commit = world.push({ files: core('1.4.0') });
    const sent = await world.github.announcePush(slug, {
      ref: 'refs/heads/main',
      before: none,
      after: commit,
    });
    await world.process.waitFor(({ msg, delivery }) => msg === 'a webhook waits' && delivery === sent?.guid);
    await world.restart('SIGKILL');
    world.sendWebhooks();
    world.host.setFault(undefined);
    expect(await jobOf(world, await outcomeOf(world, sent?.guid ?? ''))).toBe('published');
  });

  it('with a wrong signature changes nothing', async () => {
    const body = JSON.stringify({ repository: world.github.showRepository(slug), action: 'deleted' });
    const signature = createHmac('sha256', 'a-secret-of-somebody-else').update(body).digest('hex');
    const answer = await fetch(`${world.process.url}/webhooks/github`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'repository',
        'x-github-delivery': 'forged',
        'x-hub-signature-256': `sha256=${signature}`,
      },
    });
    expect(answer.status).toBe(401);
    const commit = world.push({ files: core('1.4.1') });
    expect((await world.dispatch(commit)).duplicate).toBe(false);
  });
});
