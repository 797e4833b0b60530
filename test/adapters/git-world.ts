import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GitHost, type GitHostOptions, startGitHost } from '../../sandbox/git-host.ts';
import { type CommitOptions, commitFiles } from '../../sandbox/unity-repository.ts';
import type { GitPorts, GitSourceOptions } from '../../src/adapters/git/git-source.ts';
import { Outage, PublishError } from '../../src/domain/failure/failure.ts';
import type { CommitSha, RepositoryId, Slug } from '../../src/domain/repository/repository.ts';
import type { LocatedCommit } from '../../src/ports/git.ts';
import { openTestSource } from './test-source.ts';

export const slug = 'studio/tools' as Slug;
export const id = 1 as RepositoryId;
export const never = new AbortController().signal;

/** One repository on our own git host, and a source that reads it through a mirror. */
export interface GitWorld {
  /** Folder of everything that the world makes. */
  readonly root: string;
  readonly host: GitHost;
  /** Folder of the repository on the host. */
  readonly bare: string;
  /** Folder of its mirror. */
  readonly mirror: string;
  source(): GitPorts;
  /** Opens the source again as after a restart, with other settings when given. */
  reopen(options?: Partial<GitSourceOptions>): Promise<void>;
  commit(options: CommitOptions): CommitSha;
  locate(commit: CommitSha, branches?: readonly string[], signal?: AbortSignal): Promise<LocatedCommit>;
  /** Writes all regular files of a commit to a new folder and returns it. */
  stage(commit: CommitSha, maxBytes?: number): Promise<string>;
  stop(): Promise<void>;
}

export interface GitWorldOptions extends Pick<GitHostOptions, 'token' | 'kind'> {
  readonly defaultBranch?: string;
}

export async function startGitWorld({
  defaultBranch,
  ...hostOptions
}: GitWorldOptions = {}): Promise<GitWorld> {
  const root = await mkdtemp(join(tmpdir(), 'git-world-'));
  const host = await startGitHost({ folder: join(root, 'host'), ...hostOptions });
  const bare = await host.createRepository(slug, defaultBranch);
  const mirrors = join(root, 'mirrors');
  const open = (options: Partial<GitSourceOptions> = {}): GitPorts =>
    openTestSource(host.url, mirrors, { token: () => hostOptions.token, ...options });
  let source = open();

  return {
    root,
    host,
    bare,
    mirror: join(mirrors, `${id}.git`),
    source: () => source,
    reopen: async (options) => {
      await source.stop();
      source = open(options);
    },
    commit: (options) => commitFiles(bare, options) as CommitSha,
    locate: async (commit, branches = [], signal = never) =>
      source.locate({ id, slug, commit, branches }, signal),
    stage: async (commit, maxBytes = 1e9) => {
      const tree = await source.listTree(id, commit, never);
      const folder = await mkdtemp(join(root, 'stage-'));
      const files = tree.filter((entry) => entry.mode.startsWith('100'));
      await source.stageFiles(id, slug, files, folder, maxBytes, never);
      return folder;
    },
    stop: async () => {
      await source.stop();
      await host.stop();
      await rm(root, { recursive: true });
    },
  };
}

/** Returns the reason of a failure, or the kind of an outage; `no error` when there was none. */
export async function reasonOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => 'no error',
    (caught: unknown) => caught,
  );
  if (error instanceof PublishError) return error.failure.reason;
  if (error instanceof Outage) return `outage ${error.kind}`;
  return String(error);
}
