import { describe, expect, it } from 'vitest';
import { Outage } from '../../../src/domain/failure/failure.ts';
import type { CommitSha, Repository, RepositoryId, Slug } from '../../../src/domain/repository/repository.ts';
import { buildCatchUpLoop, catchUp } from '../../../src/publisher/github/catch-up.ts';
import type { GitHubDeps } from '../../../src/publisher/github/deps.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const head = 'a'.repeat(40) as CommitSha;

function repository(id: number, status: Repository['status'] = 'active'): Repository {
  const slug = `studio/r${id}` as Slug;
  return {
    id: id as RepositoryId,
    slug,
    status,
    mode: 'live',
    branches: [],
    scopes: [],
    rules: {},
    fixes: 'off',
  };
}

interface World {
  readonly deps: GitHubDeps;
  readonly asked: Slug[];
  readonly accepted: string[];
  readonly slept: number[];
}

function build(
  repositories: readonly Repository[],
  findHead: (slug: Slug, times: number) => CommitSha,
): World {
  const asked: Slug[] = [];
  const accepted: string[] = [];
  const slept: number[] = [];
  const seen = new Map<number, CommitSha>();
  const deps = {
    logger: silent,
    clock: {
      now: () => 0,
      sleep: async (ms: number, signal?: AbortSignal) => {
        slept.push(ms);
        if (slept.length < 3) return;
        await new Promise((_resolve, reject) =>
          signal?.addEventListener('abort', () => reject(signal.reason)),
        );
      },
    },
    repositories: { list: async () => repositories },
    source: {
      listHeads: async (slug: Slug) => {
        asked.push(slug);
        const commit = findHead(slug, asked.filter((known) => known === slug).length);
        return { defaultBranch: 'main', heads: new Map([['main', commit]]) };
      },
      locate: async () => ({
        branch: 'main',
        isDefaultBranch: true,
        committedAtMs: 0,
        author: '',
        subject: '',
      }),
    },
    judged: { listJudged: async () => [] },
    looks: {
      take: async (_look: unknown, work: () => Promise<unknown>) => work(),
      listSuspected: async () => new Set(),
    },
    links: {
      findSeenHead: async (id: number) => seen.get(id),
      wasDispatched: async () => false,
      saveSeenHead: async (id: number, _branch: string, commit: CommitSha) => void seen.set(id, commit),
    },
    accept: async ({ repository: slug, requestedBy }: { repository: Slug; requestedBy?: string }) => {
      accepted.push(`${slug} ${requestedBy}`);
      const acceptance = { id: 'x', job: accepted.length, status: 'queued', duplicate: false };
      return { kind: 'accepted', acceptance };
    },
  } as unknown as GitHubDeps;
  return { deps, asked, accepted, slept };
}

const signal = new AbortController().signal;

describe('catching up with missed pushes', () => {
  it('looks at active repositories in order and dispatches each new head once', async () => {
    const { deps, accepted } = build([repository(1), repository(2, 'disabled'), repository(3)], () => head);
    expect(await catchUp(deps, signal)).toEqual({ looked: 2, jobs: [1, 2], troubles: [] });
    expect(await catchUp(deps, signal)).toEqual({ looked: 2, jobs: [], troubles: [] });
    expect(accepted).toEqual(['studio/r1 catch-up', 'studio/r3 catch-up']);
  });

  it('ends at the first sign that the git host is down, and says why', async () => {
    const { deps, asked } = build([repository(1), repository(2)], () => {
      throw new Outage('git-host', 'down', 'HTTP 502');
    });
    const troubles = [{ repository: 'studio/r1', why: 'HTTP 502' }];
    expect(await catchUp(deps, signal)).toEqual({ looked: 0, jobs: [], troubles });
    expect(asked).toEqual(['studio/r1']);
  });

  it('runs at the start and at its interval in minutes, whatever went wrong before', async () => {
    const { deps, accepted, slept } = build([repository(1)], (_slug, times) => {
      if (times === 1) throw new Error('nobody thought of this');
      return head;
    });
    const loop = buildCatchUpLoop(deps, 10);
    loop.start();
    await expect.poll(() => slept.length).toBe(3);
    await loop.stop();
    expect(slept).toEqual([600_000, 600_000, 600_000]);
    expect(accepted).toEqual(['studio/r1 catch-up']);
  });

  it('never runs when it is off', async () => {
    const { deps, asked } = build([repository(1)], () => head);
    const loop = buildCatchUpLoop(deps, 0);
    loop.start();
    await loop.stop();
    expect(asked).toEqual([]);
  });
});
