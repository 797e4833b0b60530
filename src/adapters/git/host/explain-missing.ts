import { failure, PublishError } from '../../../domain/failure/failure.ts';
import type { CommitSha } from '../../../domain/repository/repository.ts';
import type { LocateRequest } from '../../../ports/git.ts';
import type { Mirror } from '../mirrors.ts';
import { inScratch, runLocal } from '../scratch.ts';
import { isKnownToHost, type RemoteDeps } from './fetch.ts';
import { settingsFor } from './shallow-host.ts';

/**
 * Returns why a commit is on no allowed branch: it is elsewhere in the repository, or does not exist. Asks the git host
 * from a scratch folder, so that a commit of a fork never enters the mirror.
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
  const isCommit = await inScratch(
    mirror,
    async (scratch) =>
      (await isKnownToHost(remote, slug, commit, scratch, settingsFor(mirror.folder), signal)) &&
      (await holdsCommit(remote, scratch, commit, signal)),
  );
  return new PublishError(isCommit ? elsewhere : failure('commit-not-found', { commit }));
}

/** Compares the object type, because `cat-file commit` would also follow a tag. */
async function holdsCommit(
  remote: RemoteDeps,
  folder: string,
  commit: CommitSha,
  signal: AbortSignal,
): Promise<boolean> {
  const type = await runLocal(remote, ['-C', folder, 'cat-file', '-t', commit], signal);
  return type.stdout.toString('latin1') === 'commit\n';
}
