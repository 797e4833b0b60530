import { describe, expect, it } from 'vitest';
import type { GitHubEvent } from '../../../src/domain/repository/github-event.ts';
import type { CommitSha, Repository, RepositoryId, Slug } from '../../../src/domain/repository/repository.ts';
import type { CheckRequest } from '../../../src/ports/github.ts';
import type { GitHubDeps } from '../../../src/publisher/github/deps.ts';
import { handleEvent } from '../../../src/publisher/github/handle-event.ts';

const head = 'a'.repeat(40) as CommitSha;
const slug = 'studio/one' as Slug;
const registered: Repository = {
  id: 1 as RepositoryId,
  slug,
  status: 'active',
  mode: 'live',
  branches: ['release/*'],
  scopes: [],
  rules: {},
  fixes: 'off',
};

type PullRequestEvent = Extract<GitHubEvent, { kind: 'pull-request' }>;

/** Sends an event; returns the requested checks and the log. */
async function send(event: Partial<PullRequestEvent>, repository: Repository | undefined = registered) {
  const asked: CheckRequest[] = [];
  const deps = {
    links: { findByGitHub: async () => repository },
    registrations: { find: async () => undefined },
    requestCheck: async (request: CheckRequest) => void asked.push(request),
  } as unknown as GitHubDeps;
  const whole: PullRequestEvent = {
    kind: 'pull-request',
    repository: { githubId: 7, slug, defaultBranch: 'main' },
    number: 12,
    action: 'opened',
    isMerged: false,
    head,
    base: 'main',
    ...event,
  };
  const outcome = await handleEvent(deps, whole, AbortSignal.timeout(1_000));
  return { asked, outcome };
}

describe('a pull request', () => {
  it.each(['opened', 'reopened', 'synchronize'])('that was %s has its head checked', async (action) => {
    expect(await send({ action })).toEqual({
      asked: [{ repositoryId: 1, commit: head, branch: 'main', isDefaultBranch: true, pullRequest: 12 }],
      outcome: 'a check of #12',
    });
  });

  it('into a maintenance branch is judged as on that branch', async () => {
    const { asked } = await send({ base: 'release/1.x' });
    expect(asked).toMatchObject([{ branch: 'release/1.x', isDefaultBranch: false }]);
  });

  it('gets no check for another branch, another action, an inactive repository, or without a head', async () => {
    const disabled: Repository = { ...registered, status: 'disabled' };
    for (const { asked } of [
      await send({ base: 'develop' }),
      await send({ action: 'labeled' }),
      await send({ action: 'closed' }),
      await send({}, disabled),
      await send({ head: undefined }),
      await send({ base: undefined }),
    ]) {
      expect(asked).toEqual([]);
    }
  });
});
