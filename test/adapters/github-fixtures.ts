import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GitHost, startGitHost } from '../../sandbox/git-host.ts';
import { type GitHubDouble, startGitHub } from '../../sandbox/github/github.ts';
import type { TokenState } from '../../sandbox/github/state.ts';
import { type CommitOptions, commitFiles } from '../../sandbox/unity-repository.ts';
import { buildGitHubApi } from '../../src/adapters/github/api-client.ts';
import { buildGitHubCredentials } from '../../src/adapters/github/credentials.ts';
import { buildRepositoryWriter } from '../../src/adapters/github/repository-writer.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import type { CommitSha, Slug } from '../../src/domain/repository/repository.ts';
import type { GitCredentials } from '../../src/ports/git.ts';
import type { RepositoryWriter } from '../../src/ports/github.ts';

export type Identity = 'personal token' | 'App';

export interface WriterOptions {
  readonly timeoutMs?: number;
  readonly apiUrl?: string;
  /** Another key than the App's own. */
  readonly appKey?: string;
  /** Paces writes as the process does; when left out, no write waits. */
  readonly pacesWrites?: boolean;
}

export interface GitHubFixture {
  readonly host: GitHost;
  readonly github: GitHubDouble;
  readonly slug: Slug;
  readonly credentials: GitCredentials;
  readonly writer: RepositoryWriter;
  /** Tokens of the App in the order of issue, without the expired ones. */
  issuedTokens(): readonly TokenState[];
  /** Pushes as a person with a clone would. */
  push(options?: CommitOptions): CommitSha;
  /** Makes a new adapter on the same GitHub; its pauses between writes begin anew. */
  anotherWriter(options?: WriterOptions): RepositoryWriter;
  stop(): Promise<void>;
}

export async function startGitHubFixture(
  identity: Identity,
  usual: WriterOptions = {},
): Promise<GitHubFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'upm-github-'));
  const host = await startGitHost({ folder: join(folder, 'git') });
  const github = await startGitHub({ host });
  const slug = 'studio/packages' as Slug;
  const bare = await host.createRepository(slug);
  github.addRepository(slug, bare);
  github.install('studio');
  const token = github.personalToken();
  const privateKey = identity === 'App' ? github.appPem() : '';

  function build(options: WriterOptions = {}) {
    const {
      timeoutMs = 10_000,
      apiUrl = github.apiUrl,
      pacesWrites = true,
      appKey = privateKey,
    } = { ...usual, ...options };
    const credentials = buildGitHubCredentials({
      apiUrl,
      app: () => (identity === 'App' ? { appId: github.state.appId, privateKey: appKey } : undefined),
      token: () => token,
      timeoutMs,
      clock: systemClock,
    });
    const api = buildGitHubApi({ apiUrl, credentials, timeoutMs, pacesWrites, clock: systemClock });
    return { credentials, writer: buildRepositoryWriter(api) };
  }

  const built = build();
  return {
    host,
    github,
    slug,
    ...built,
    issuedTokens: () => [...github.state.tokens.values()].filter(({ kind }) => kind === 'installation'),
    push: (options = {}) =>
      commitFiles(bare, { files: { 'README.md': '# Tools\n' }, ...options }) as CommitSha,
    anotherWriter: (options) => build(options).writer,
    stop: async () => {
      await github.stop();
      await host.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
