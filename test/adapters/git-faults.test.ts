import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Fault, type FaultProxy, startFaultProxy } from '../../sandbox/fault-proxy.ts';
import { type GitHost, startGitHost } from '../../sandbox/git-host.ts';
import { commitFiles } from '../../sandbox/unity-repository.ts';
import type { GitPorts } from '../../src/adapters/git/git-source.ts';
import type { CommitSha, RepositoryId, Slug } from '../../src/domain/repository/repository.ts';
import { type Canary, startCanary } from '../faults/canary.ts';
import { openTestSource } from './test-source.ts';

const never = new AbortController().signal;
const slug = 'studio/tools' as Slug;
const id = 1 as RepositoryId;
const token = 'planted-git-token';
const warnings: string[] = [];
let root: string;
let host: GitHost;
let bare: string;
let proxy: FaultProxy;
let elsewhere: Canary;
let source: GitPorts;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'git-faults-'));
  host = await startGitHost({ folder: join(root, 'host'), token });
  bare = await host.createRepository(slug);
  proxy = await startFaultProxy({ target: host.url });
  elsewhere = await startCanary();
  const warn = (text: string): void => void warnings.push(text);
  const logger = { debug() {}, info() {}, warn, error() {} };
  source = openTestSource(proxy.url.replace(/\/$/, ''), join(root, 'mirrors'), {
    token: () => token,
    logger,
  });
  await locate(push());
});
afterAll(async () => {
  await source.stop();
  await Promise.all([proxy.stop(), host.stop(), elsewhere.stop()]);
  await rm(root, { recursive: true });
});
beforeEach(() => {
  proxy.clear();
  warnings.length = 0;
});

let pushes = 0;
function push(): CommitSha {
  pushes += 1;
  return commitFiles(bare, { files: { 'NOTES.txt': `${pushes}\n` } }) as CommitSha;
}

async function locate(commit: CommitSha) {
  return source.locate({ id, slug, commit, branches: [] }, never);
}

const isRefs = (path: string): boolean => path.includes('/info/refs');

describe('a git host whose answers are', () => {
  const down: readonly (readonly [string, Fault, string])[] = [
    ['pages', { kind: 'html-200' }, 'HTTP 200, but not from a git server'],
    ['JSON', { kind: 'status', status: 200, body: '{}' }, 'HTTP 200, but not from a git server'],
    ['torn', { kind: 'reset', when: 'before-forwarding' }, 'connection lost'],
    ['lost', { kind: 'reset', when: 'after-forwarding' }, 'connection lost'],
    ['429', { kind: 'status', status: 429, headers: { 'retry-after': '7' } }, 'HTTP 429'],
    ['500', { kind: 'status', status: 500 }, 'HTTP 500'],
    ['401', { kind: 'status', status: 401 }, 'the git host refuses our token (HTTP 401)'],
  ];

  it.each(down)(
    '%s is down: its mirror stays, and the commit is found afterwards',
    async (_how, fault, detail) => {
      const commit = push();
      proxy.setFaults(() => fault);
      await expect(locate(commit)).rejects.toMatchObject({ name: 'Outage', neighbour: 'git-host', detail });
      proxy.clear();
      expect(await locate(commit)).toMatchObject({ branch: 'main' });
      expect(warnings).toEqual([]);
    },
  );

  const refused: readonly (readonly [number, string])[] = [
    [403, 'repository-forbidden'],
    [404, 'repository-unavailable'],
    [422, 'repository-unavailable'],
  ];
  it.each(refused)(
    '%i makes the job fail with its own reason, and the mirror stays',
    async (status, reason) => {
      const commit = push();
      proxy.setFaults(() => ({ kind: 'status', status }));
      await expect(locate(commit)).rejects.toMatchObject({ failure: { reason } });
      proxy.clear();
      expect(await locate(commit)).toMatchObject({ branch: 'main' });
      expect(warnings).toEqual([]);
    },
  );

  it('redirects to another host is not followed there, because our token would go along', async () => {
    proxy.setFaults(({ path }) => ({ kind: 'redirect', status: 301, to: `${elsewhere.url}${path}` }));
    await expect(locate(push())).rejects.toMatchObject({ failure: { reason: 'repository-unavailable' } });
    expect(elsewhere.heard()).toEqual([]);
  });

  it.each<[string, Fault]>([
    ['late', { kind: 'delay', ms: 200 }],
    ['slow', { kind: 'dribble', chunkBytes: 64, everyMs: 2 }],
  ])('%s is waited for', async (_how, fault) => {
    proxy.setFaults(() => fault);
    expect(await locate(push())).toMatchObject({ branch: 'main' });
  });
});

describe('a git host that breaks off once', () => {
  it.each<[string, Fault]>([
    ['half its refs', { kind: 'half-answer' }],
    ['a page instead of them', { kind: 'html-200' }],
  ])('while listing refs (%s) is asked again at once, and its mirror stays', async (_how, fault) => {
    let left = 1;
    proxy.setFaults(({ path }) => (isRefs(path) && left-- > 0 ? fault : undefined));
    expect(await locate(push())).toMatchObject({ branch: 'main' });
    expect(warnings).toEqual([]);
  });

  it.each<[string, Fault]>([
    ['half a pack', { kind: 'half-answer' }],
    ['a page instead of it', { kind: 'html-200' }],
    ['nothing, and hangs up', { kind: 'store-then-drop' }],
  ])('while sending a pack (%s) is asked again at once, and its mirror stays', async (_how, fault) => {
    let left = 1;
    proxy.setFaults(({ method }) => (method === 'POST' && left-- > 0 ? fault : undefined));
    expect(await locate(push())).toMatchObject({ branch: 'main' });
    expect(warnings).toEqual([]);
  });
});
