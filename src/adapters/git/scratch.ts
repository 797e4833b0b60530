import { mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeBareFolder } from './bare-folder.ts';
import { buildGitEnv } from './git-env.ts';
import type { RemoteDeps } from './host/fetch.ts';
import type { Mirror } from './mirrors.ts';
import { type GitResult, runGit } from './run-git.ts';

/** Runs `work` in an empty repository beside the mirrors and deletes that repository afterwards. */
export async function inScratch<T>(mirror: Mirror, work: (folder: string) => Promise<T>): Promise<T> {
  const scratch = await mkdtemp(join(dirname(mirror.folder), 'scratch-'));
  try {
    await makeBareFolder(scratch);
    return await work(scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Runs a git command that has no network access. */
export async function runLocal(
  { env, timeoutMs }: RemoteDeps,
  args: readonly string[],
  signal: AbortSignal,
  maxOutputBytes = 1024,
): Promise<GitResult> {
  return runGit({ args, env: buildGitEnv(env, []), signal, timeoutMs, maxOutputBytes });
}
