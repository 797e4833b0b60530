import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildGitEnv } from './git-env.ts';
import type { RemoteDeps } from './host/fetch.ts';
import type { Mirror } from './mirrors.ts';
import { runGit } from './run-git.ts';

/** Number of packs above which lookups become slow. */
const packsBeforeRepack = 120;

/** Combines the packs of many small fetches into one. */
export async function repackIfNeeded(remote: RemoteDeps, mirror: Mirror, signal: AbortSignal): Promise<void> {
  const names = await readdir(join(mirror.folder, 'objects', 'pack')).catch(() => []);
  if (names.filter((name) => name.endsWith('.pack')).length <= packsBeforeRepack) return;
  const settings = [['remote.origin.promisor', 'true']] as const;
  await runGit({
    args: ['-C', mirror.folder, 'repack', '-a', '-d', '--quiet'],
    env: buildGitEnv(remote.env, settings),
    signal,
    timeoutMs: remote.timeoutMs,
    maxOutputBytes: 1024,
  });
}
