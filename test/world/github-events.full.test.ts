import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { World } from '../../sandbox/world.ts';
import { announce, core, jobOf, outcomeOf, slug, startWebhookWorld } from './webhook-world.ts';

let world: World;

beforeAll(async () => {
  world = await startWebhookWorld();
});
afterAll(async () => world?.stop());

describe('a repository_dispatch', () => {
  const request = (commit: string, from = 'studio/requests') =>
    world.github.deliver('repository_dispatch', {
      action: 'package_publish',
      client_payload: { repository: slug, commit_sha: commit },
      repository: world.github.showRepository(from),
    });

  it('counts from GITHUB_DISPATCH_REPOSITORY only', async () => {
    const commit = world.push({ files: core('1.6.0') });
    const stranger = await request(commit, 'studio/unknown');
    expect(await outcomeOf(world, stranger?.guid ?? '')).toBe('not from GITHUB_DISPATCH_REPOSITORY');
    const own = await request(commit);
    expect(await jobOf(world, await outcomeOf(world, own?.guid ?? ''))).toBe('published');
  });
});

describe('a repository that changes', () => {
  it('is followed by its id when it is renamed', async () => {
    const files = core('1.0.0', '', 'com.studio.moving');
    await jobOf(
      world,
      await announce(world, { after: world.push({ files }, 'studio/moving') }, 'studio/moving'),
    );
    world.github.rename('studio/moving', 'studio/moved');
    await world.process.waitFor(({ msg, to }) => msg === 'a repository was renamed' && to === 'studio/moved');
    const commit = world.push({ files: core('1.0.1', '', 'com.studio.moving') }, 'studio/moving');
    expect(await jobOf(world, await announce(world, { after: commit }, 'studio/moved'))).toBe('published');
  });

  it('is disabled when it is transferred to an owner who is not ours, and the thread is told', async () => {
    world.github.rename('studio/moved', 'strangers/moved');
    await world.process.waitFor(({ msg, announcement }) => {
      const told = announcement as { readonly kind?: string; readonly title?: string } | undefined;
      return (
        msg === 'announcement' &&
        told?.kind === 'repository-notice' &&
        told.title?.includes('strangers') === true
      );
    });
    const payload = { repository: 'strangers/moved', commit_sha: world.tip('studio/moving') };
    expect((await world.post(JSON.stringify(payload))).status).toBe(403);
  });

  it('is disabled when it is archived', async () => {
    const commit = world.push({ files: core('3.0.0', 'Line', 'com.studio.line') }, 'studio/lines');
    world.github.archive('studio/lines');
    await world.process.waitFor(
      ({ msg, outcome, event }) =>
        msg === 'webhook handled' && event === 'repository' && outcome === 'disabled',
    );
    const payload = { repository: 'studio/lines', commit_sha: commit };
    await expect.poll(async () => (await world.post(JSON.stringify(payload))).status).toBe(409);
  });
});

describe('a dispatcher run that failed', () => {
  const run = (path: string, conclusion: string) =>
    world.github.deliver('workflow_run', {
      action: 'completed',
      workflow_run: { path, conclusion, head_sha: world.tip(slug) },
      repository: world.github.showRepository(slug),
    });

  it('is announced in the thread, while other workflows and successful runs are not', async () => {
    const bad = await run('.github/workflows/upm-dispatch.yaml', 'failure');
    const other = await run('.github/workflows/build.yaml', 'failure');
    const good = await run('.github/workflows/upm-dispatch.yaml', 'success');
    const outcomes = await Promise.all(
      [bad, other, good].map(async (sent) => outcomeOf(world, sent?.guid ?? '')),
    );
    expect(outcomes).toEqual(['reported', 'another workflow', 'nothing to report']);
  });
});
