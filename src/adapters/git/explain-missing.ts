import { mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failure, PublishError } from '../../domain/failure.ts';
import type { CommitSha } from '../../domain/repository.ts';
import type { LocateRequest } from '../../ports/repository-source.ts';
import { isKnownToHost, type RemoteDeps } from './fetch.ts';
import { buildGitEnv } from './git-env.ts';
import type { Mirror } from './mirrors.ts';
import { type GitResult, runGit } from './run-git.ts';

/**
 * Why a commit was not found on an allowed branch: it lies elsewhere, or nowhere. The git host is asked from a scratch
 * folder, so that a fork's commit never gets into the mirror.
 */
export async function explainMissing(
  remote: RemoteDeps,
  mirror: Mirror,
  request: LocateRequest,
  patterns: readonly string[],
  signal: AbortSignal,
): Promise<PublishError> {
  const { commit, slug } = request;
  const branches = [mirror.defaultBranch ?? 'the default branch', ...patterns].join(', ');
  const elsewhere = failure('commit-not-on-branch', { commit, branches });
  if (await holdsCommit(remote, mirror.folder, commit, signal)) return new PublishError(elsewhere);
  const scratch = await mkdtemp(join(dirname(mirror.folder), 'scratch-'));
  try {
    await runLocal(remote, ['init', '--quiet', '--bare', '--template=', scratch], signal);
    const isCommit =
      (await isKnownToHost(remote, slug, commit, scratch, signal)) &&
      (await holdsCommit(remote, scratch, commit, signal));
    return new PublishError(isCommit ? elsewhere : failure('commit-not-found', { commit }));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** By type: `cat-file commit` would follow a tag. */
async function holdsCommit(
  remote: RemoteDeps,
  folder: string,
  commit: CommitSha,
  signal: AbortSignal,
): Promise<boolean> {
  const type = await runLocal(remote, ['-C', folder, 'cat-file', '-t', commit], signal);
  return type.stdout.toString('latin1') === 'commit\n';
}

async function runLocal(
  remote: RemoteDeps,
  args: readonly string[],
  signal: AbortSignal,
): Promise<GitResult> {
  const { env, timeoutMs } = remote;
  return runGit({ args, env: buildGitEnv(env, []), signal, timeoutMs, maxOutputBytes: 1024 });
}
