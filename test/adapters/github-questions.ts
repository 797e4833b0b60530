import { buildGitHubApi } from '../../src/adapters/github/api-client.ts';
import { buildCommitChecks } from '../../src/adapters/github/commit-checks.ts';
import { buildGitHubCredentials } from '../../src/adapters/github/credentials.ts';
import { buildHookDeliveries } from '../../src/adapters/github/hook-deliveries.ts';
import { buildPullRequestMerger } from '../../src/adapters/github/pull-request-merger.ts';
import { buildRepositoryDirectory } from '../../src/adapters/github/repository-directory.ts';
import { buildRepositoryWriter } from '../../src/adapters/github/repository-writer.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import type { CommitSha, Slug } from '../../src/domain/repository/repository.ts';
import type { GitHubFixture } from './github-fixtures.ts';

const signal = AbortSignal.timeout(120_000);

/** Opens everything that asks GitHub's API, as the App, at this address, without anything known from before. */
export function openGitHub({ github }: GitHubFixture, url: string, timeoutMs = 10_000) {
  const { state } = github;
  const privateKey = github.appPem();
  const reached = { apiUrl: url.replace(/\/$/, ''), timeoutMs, clock: systemClock };
  const app = () => ({ appId: state.appId, privateKey });
  const credentials = buildGitHubCredentials({ ...reached, app, token: () => undefined });
  const api = buildGitHubApi({ ...reached, credentials, pacesWrites: false });
  return {
    credentials,
    writer: buildRepositoryWriter(api),
    directory: buildRepositoryDirectory(api),
    merger: buildPullRequestMerger(api),
    checks: buildCommitChecks(api),
    deliveries: buildHookDeliveries(credentials),
  };
}

export type OpenGitHub = ReturnType<typeof openGitHub>;

export interface Question {
  /** True when the question needs a fresh adapter, because an earlier one has cached its answer. */
  readonly isFirst?: boolean;
  /** The request that the fault hits, as `<method> <path>`. */
  readonly request: RegExp;
  readonly ask: (github: OpenGitHub, at: At) => Promise<unknown>;
}

/** A repository, and the commit at the head of its `main`. */
export interface At {
  readonly slug: Slug;
  readonly head: CommitSha;
}

export async function openPull({ writer }: OpenGitHub, slug: Slug, head: string): Promise<unknown> {
  return writer.openPullRequest({ slug, base: 'main', head, title: 'x', body: 'y' }, signal);
}

export async function commitChangelog({ writer }: OpenGitHub, at: At, branch: string): Promise<unknown> {
  const files = [{ path: 'CHANGELOG.md', content: Buffer.from('## [1.0.0]\n') }];
  const words = { headline: 'Add the changelog', body: '' };
  return writer.commitFiles({ slug: at.slug, branch, expectedHead: at.head, files, ...words }, signal);
}

/** One question for each kind of request to GitHub's API. */
export const questions: Readonly<Record<string, Question>> = {
  'for an installation': {
    isFirst: true,
    request: /^GET \/repos\/[^/]+\/[^/]+\/installation$/,
    ask: async ({ credentials }, { slug }) => credentials.tokenFor(slug, 'read', signal),
  },
  'for a token': {
    isFirst: true,
    request: /^POST \/app\/installations\/\d+\/access_tokens$/,
    ask: async ({ credentials }, { slug }) => credentials.tokenFor(slug, 'read', signal),
  },
  'for the head of a branch': {
    request: /^GET .*\/git\/ref\//,
    ask: async ({ writer }, { slug }) => writer.findHead(slug, 'main', signal),
  },
  'for a commit': {
    request: /^POST \/graphql$/,
    ask: async (github, at) => commitChangelog(github, at, 'main'),
  },
  'for the open pull requests': {
    request: /^GET .*\/pulls\?/,
    ask: async (github, { slug }) => openPull(github, slug, 'topic'),
  },
  'for a pull request': {
    request: /^GET .*\/pulls\/1$/,
    ask: async ({ writer }, { slug }) => writer.findPullRequest(slug, 1, signal),
  },
  'for a merge': {
    request: /^PUT .*\/pulls\/1\/merge$/,
    ask: async ({ merger }, { slug, head }) => merger.merge(slug, 1, head, signal),
  },
  'for the checks of a commit': {
    request: /^GET .*\/check-runs\?/,
    ask: async ({ checks }, { slug, head }) => checks.begin(slug, head, signal),
  },
  'for the repository': {
    request: /^GET \/repos\/[^/]+\/[^/]+$/,
    ask: async ({ directory }, { slug }) => directory.find(slug, signal),
  },
  'for a file': {
    request: /^GET .*\/contents\//,
    ask: async ({ directory }, { slug }) => directory.readFile(slug, 'main', 'README.md', signal),
  },
  'for its webhooks’ deliveries': {
    request: /^GET \/app\/hook\/deliveries/,
    ask: async ({ deliveries }) => deliveries.list(0, signal),
  },
};
