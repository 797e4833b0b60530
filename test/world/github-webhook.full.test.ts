import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitSync } from '../../sandbox/git-sync.ts';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';

const none = '0'.repeat(40);
const slug = 'studio/packages';
let world: World;

beforeAll(async () => {
  world = await World.start({
    repositories: [
      { slug: 'studio/lines', settings: { branches: ['release/*'] } },
      { slug: 'studio/moving' },
    ],
    env: { GITHUB_DISPATCH_REPOSITORY: 'studio/requests', LOG_LEVEL: 'debug' },
  });
  await world.addRepository('studio/requests');
  await world.addRepository('studio/unknown');
  world.sendWebhooks();
});
afterAll(async () => {
  await world?.stop();
});

const core = (version: string, folder = 'Core', name = 'com.studio.core') =>
  unityPackage(name, version, { folder });

/** Announces and waits until the process has looked into it; the outcome. */
async function announce(
  push: { readonly after: string; readonly before?: string; readonly ref?: string },
  of = slug,
): Promise<string> {
  const full = { before: none, ref: 'refs/heads/main', ...push };
  const sent = await world.github.announcePush(of, full);
  expect(sent?.statusCode).toBe(202);
  return outcomeOf(sent?.guid ?? '');
}

async function outcomeOf(guid: string): Promise<string> {
  const line = await world.process.waitFor(
    ({ msg, delivery }) => msg === 'webhook handled' && delivery === guid,
  );
  return String(line['outcome']);
}

async function jobOf(outcome: string): Promise<unknown> {
  const number = Number(/#(\d+)/.exec(outcome)?.[1]);
  const line = await world.process.waitFor(({ msg, job }) => msg === 'job finished' && job === number);
  return line.status;
}

async function versions(name: string): Promise<readonly string[]> {
  return Object.keys((await world.packument(name))?.versions ?? {});
}

describe('a push webhook', () => {
  it('publishes what the push bumped, also when the bump is in the first of three commits', async () => {
    const first = world.push({ files: core('1.0.0') });
    const outcome = await announce({ after: first });
    expect(await jobOf(outcome)).toBe('published');
    world.push({ files: core('1.0.1') });
    world.push({ files: { 'README.md': '# One\n' } });
    const last = world.push({ files: { 'README.md': '# Two\n' } });
    expect(await jobOf(await announce({ before: first, after: last }))).toBe('published');
    expect(await versions('com.studio.core')).toEqual(['1.0.0', '1.0.1']);
  });

  it('becomes no dispatch when no manifest changed', async () => {
    const commit = world.push({ files: { 'README.md': '# Three\n' } });
    expect(await announce({ after: commit })).toBe('no manifest changed');
  });

  it('of a tag, of a branch that does not publish, of a deletion and of our own commit becomes none either', async () => {
    const commit = world.push({ branch: 'feature', files: core('9.0.0') });
    expect(await announce({ ref: 'refs/tags/v9', after: commit })).toBe('no branch');
    expect(await announce({ ref: 'refs/heads/feature', after: commit })).toBe('not a branch that publishes');
    expect(await announce({ ref: 'refs/heads/feature', after: none })).toBe('the ref was deleted');
    const own = world.push({
      author: 'upm-auto-publisher[bot]',
      message: 'docs: update changelogs\n\nFor com.studio.core',
      files: { 'Core/CHANGELOG.md': '# Changelog\n' },
    });
    expect(await announce({ after: own })).toBe('our own commit');
  });

  it('of a forced push judges the new head, and a head that was pushed over is let go', async () => {
    const lost = world.push({ files: core('1.5.0') });
    const parent = gitSync(['-C', world.github.repository(slug).bare, 'rev-parse', `${lost}^`]);
    const kept = world.push({ parent, files: core('1.0.2') });
    gitSync(['-C', world.github.repository(slug).bare, 'reflog', 'expire', '--expire=now', '--all']);
    expect(await announce({ after: lost })).toBe('the commit is not on its branch any more');
    expect(await jobOf(await announce({ before: lost, after: kept }))).toBe('published');
    expect(await versions('com.studio.core')).toEqual(['1.0.0', '1.0.1', '1.0.2']);
  });

  it('and a dispatch of the same commit are one job and one publish', async () => {
    const puts = world.puts();
    const commit = world.push({ files: core('1.1.0') });
    const dispatched = await world.dispatch(commit);
    expect(await announce({ after: commit })).toBe(`job #${dispatched.job}, as before`);
    expect((await world.finished(dispatched.id)).status).toBe('published');
    expect(world.puts()).toBe(puts + 1);
  });

  it('of a registered branch publishes, by its pattern', async () => {
    const main = world.push({ files: core('3.0.0', 'Line', 'com.studio.line') }, 'studio/lines');
    expect(await jobOf(await announce({ after: main }, 'studio/lines'))).toBe('published');
    const branch = 'release/2.x';
    const files = core('2.0.1', 'Line', 'com.studio.line');
    const commit = world.push({ branch, parent: main, files }, 'studio/lines');
    const outcome = await announce({ ref: `refs/heads/${branch}`, after: commit }, 'studio/lines');
    expect(outcome).toMatch(/^job #\d+$/);
    await jobOf(outcome);
  });

  it('of a repository that nobody registered is let go without a word', async () => {
    const commit = world.push({ files: core('1.0.0') }, 'studio/unknown');
    expect(await announce({ after: commit }, 'studio/unknown')).toBe('not an active repository');
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
    expect(await jobOf(await outcomeOf(sent?.guid ?? ''))).toBe('published');
  });
});

describe('a delivery', () => {
  it('that comes twice is handled once', async () => {
    const commit = world.push({ files: core('1.3.0') });
    const sent = await world.github.announcePush(slug, {
      ref: 'refs/heads/main',
      before: none,
      after: commit,
    });
    await jobOf(await outcomeOf(sent?.guid ?? ''));
    const again = await world.github.redeliver(sent?.id ?? 0);
    expect(again).toMatchObject({ guid: sent?.guid, statusCode: 202 });
    const handled = world.process
      .lines()
      .filter(({ delivery, msg }) => msg === 'webhook handled' && delivery === sent?.guid);
    expect(handled).toHaveLength(1);
  });

  it('that the process took before it was killed is handled after it', async () => {
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
    expect(await jobOf(await outcomeOf(sent?.guid ?? ''))).toBe('published');
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
    expect(await outcomeOf(stranger?.guid ?? '')).toBe('not from GITHUB_DISPATCH_REPOSITORY');
    const own = await request(commit);
    expect(await jobOf(await outcomeOf(own?.guid ?? ''))).toBe('published');
  });
});

describe('a repository that changes', () => {
  it('is followed by its id when it is renamed', async () => {
    const files = core('1.0.0', '', 'com.studio.moving');
    await jobOf(await announce({ after: world.push({ files }, 'studio/moving') }, 'studio/moving'));
    world.github.rename('studio/moving', 'studio/moved');
    await world.process.waitFor(({ msg, to }) => msg === 'a repository was renamed' && to === 'studio/moved');
    const commit = world.push({ files: core('1.0.1', '', 'com.studio.moving') }, 'studio/moving');
    expect(await jobOf(await announce({ after: commit }, 'studio/moved'))).toBe('published');
  });

  it('is disabled when it goes to an owner who is not ours, and the thread is told', async () => {
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
    world.github.archive('studio/lines');
    await world.process.waitFor(
      ({ msg, outcome, event }) =>
        msg === 'webhook handled' && event === 'repository' && outcome === 'disabled',
    );
    const payload = { repository: 'studio/lines', commit_sha: world.tip('studio/lines') };
    await world.process.waitFor(({ msg }) => msg === 'webhook handled');
    expect((await world.post(JSON.stringify(payload))).status).toBe(409);
  });
});

describe('a dispatcher run that failed', () => {
  const run = (path: string, conclusion: string) =>
    world.github.deliver('workflow_run', {
      action: 'completed',
      workflow_run: { path, conclusion, head_sha: world.tip(slug) },
      repository: world.github.showRepository(slug),
    });

  it('is told to the thread; other workflows and good runs are not', async () => {
    const bad = await run('.github/workflows/upm-dispatch.yaml', 'failure');
    const other = await run('.github/workflows/build.yaml', 'failure');
    const good = await run('.github/workflows/upm-dispatch.yaml', 'success');
    const outcomes = await Promise.all([bad, other, good].map(async (sent) => outcomeOf(sent?.guid ?? '')));
    expect(outcomes).toEqual(['reported', 'another workflow', 'nothing to report']);
  });
});
