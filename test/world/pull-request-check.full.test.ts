import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { gitSync } from '../../sandbox/git-sync.ts';
import { setPullHead } from '../../sandbox/github/bare.ts';
import { type TreeFiles, unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';
import { within } from './thread-world.ts';

const name = 'com.studio.core';
let world: World;

beforeAll(async () => {
  world = await World.start({ asApp: true });
  const [installation] = world.github.state.installations;
  if (installation === undefined) throw new Error('the App is installed nowhere');
  installation.permissions = { ...installation.permissions, checks: 'write' };
  world.sendWebhooks();
  await world.publish({ files: core('1.0.0') });
});
afterAll(async () => world?.stop());

function core(version: string, more: Readonly<Record<string, string>> = {}): TreeFiles {
  return unityPackage(name, version, { folder: 'Core', files: more });
}

const repository = () => world.github.repository(world.slug);
const noMeta = { 'Runtime/NoMeta.cs': 'class NoMeta {}\n' };

/** Opens a pull request as a person does; returns its number. */
async function openPull(head: string): Promise<number> {
  const answer = await fetch(`${world.github.apiUrl}/repos/${world.slug}/pulls`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.github.personalToken()}` },
    body: JSON.stringify({ head, base: 'main', title: head, body: '' }),
  });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { readonly number: number }).number;
}

/** Sends what GitHub sends when a head was pushed to. */
async function announce(number: number, action: 'opened' | 'synchronize', sha: string): Promise<void> {
  setPullHead(repository().bare, number, sha);
  const pull = { number, head: { sha }, base: { ref: 'main' }, merged: false };
  const about = world.github.showRepository(world.slug);
  const payload = { action, number, pull_request: pull, repository: about };
  expect((await world.github.deliver('pull_request', payload))?.statusCode).toBe(202);
}

const checksAt = (commit: string) => repository().checkRuns.filter((run) => run.commit === commit);

/** Returns the only check at a commit, once it is done. */
async function checked(commit: string) {
  return vi.waitFor(() => {
    const [run, ...others] = checksAt(commit);
    expect([run?.status, others]).toEqual(['completed', []]);
    return run;
  }, within);
}

async function versions(): Promise<readonly string[]> {
  return Object.keys((await world.packument(name))?.versions ?? {});
}

describe('a pull request', () => {
  it('shows at its head what would be refused, then what would be published, and publishes nothing', async () => {
    const puts = world.puts();
    const bad = world.push({
      branch: 'louder',
      parent: world.tip(world.slug) ?? null,
      files: core('1.1.0', noMeta),
    });
    const number = await openPull('louder');
    expect(await checked(bad)).toMatchObject({
      name: 'upm-publisher',
      conclusion: 'failure',
      title: '1 blocking finding',
      annotations: [{ path: 'Core/Runtime/NoMeta.cs', annotation_level: 'failure', title: 'meta.missing' }],
    });
    const good = world.push({ branch: 'louder', remove: ['Core/Runtime/NoMeta.cs'] });
    await announce(number, 'synchronize', good);
    const title = `would publish ${name} 1.1.0 (latest)`;
    expect(await checked(good)).toMatchObject({ conclusion: 'success', title, annotations: [] });
    expect([world.puts(), await versions()]).toEqual([puts, ['1.0.0']]);
  });

  it('from a fork is checked, and its commit still cannot be published', async () => {
    const parent = world.tip(world.slug) ?? null;
    const commit = world.push({ branch: 'elsewhere', parent, files: core('6.6.6', noMeta) });
    gitSync(['-C', repository().bare, 'update-ref', '-d', 'refs/heads/elsewhere']);
    await announce(12, 'opened', commit);
    expect(await checked(commit)).toMatchObject({ conclusion: 'failure', title: '1 blocking finding' });
    const { id } = await world.dispatch(commit);
    expect((await world.finished(id)).failure?.reason).toBe('commit-not-on-branch');
    expect(await versions()).toEqual(['1.0.0']);
  });

  it('is checked after a restart when the process was killed before it could', async () => {
    const parent = world.tip(world.slug) ?? null;
    const commit = world.push({ branch: 'killed', parent, files: core('1.2.0') });
    world.github.setFault(({ method, path }) =>
      method === 'GET' && path.endsWith('/check-runs') ? { kind: 'hang' } : undefined,
    );
    await openPull('killed');
    const asked = `/repos/${world.slug}/commits/${commit}/check-runs`;
    await vi.waitFor(() => expect(world.github.requests().map(({ path }) => path)).toContain(asked), within);
    // The hanging request stays unanswered.
    world.github.setFault(undefined);
    await world.restart('SIGKILL');
    expect(await checked(commit)).toMatchObject({ title: `would publish ${name} 1.2.0 (latest)` });
  });
});
