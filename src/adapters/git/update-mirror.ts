import { failure, PublishError } from '../../domain/failure.ts';
import type { Slug } from '../../domain/repository.ts';
import type { Logger } from '../../ports/logger.ts';
import { headRef, refspecs } from './branches.ts';
import { type FetchRequest, fetchInto, type RemoteDeps } from './fetch.ts';
import type { Settings } from './git-env.ts';
import { listRemote } from './list-heads.ts';
import { inOrder, type Mirror, type Mirrors } from './mirrors.ts';
import type { Readers } from './readers.ts';
import { repackIfNeeded } from './repack.ts';

export interface UpdateDeps {
  readonly remote: RemoteDeps;
  readonly mirrors: Mirrors;
  readonly readers: Readers;
  readonly logger: Logger;
  /** What patterns stand for on the git host; branches unless told. */
  readonly refspecs?: ((patterns: readonly string[]) => readonly string[]) | undefined;
}

/** A default branch is seldom renamed; its name is asked for again with the next fetch after this. */
const branchNameKeptMs = 10 * 60_000;

/**
 * Brings the default branch and those that the patterns name into the mirror. A mirror that cannot take them although
 * the host answers is made anew. Throws Outage and PublishError like fetchInto.
 */
export async function updateMirror(
  deps: UpdateDeps,
  mirror: Mirror,
  slug: Slug,
  patterns: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  return inOrder(mirror, async () => update(deps, mirror, slug, patterns, signal));
}

/**
 * What git itself sets when it fetches files that a partial clone lacks. Told which commits are here, a host with a
 * reachability bitmap (git 2.39: what `git gc` writes into bare repositories) takes their files for being here too, and
 * sends nothing.
 */
const sayNothingOfOurCommits: Settings = [['fetch.negotiationAlgorithm', 'noop']];

/** Brings these objects into the mirror in one request, as far as the host has them. Throws like fetchInto. */
export async function fetchObjects(
  deps: UpdateDeps,
  mirror: Mirror,
  slug: Slug,
  oids: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const args = ['--filter=blob:none', '--refmap=', '--stdin', 'origin'];
  const input = `${oids.join('\n')}\n`;
  const request = { slug, args, input, settings: sayNothingOfOurCommits };
  await inOrder(mirror, async () => fetchOrDiscard(deps, mirror, request, signal));
}

async function update(
  deps: UpdateDeps,
  mirror: Mirror,
  slug: Slug,
  patterns: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { remote, mirrors } = deps;
  const { branchAskedAt: askedAt } = mirror;
  if (askedAt === undefined || remote.clock.monotonic() - askedAt > branchNameKeptMs) {
    const { defaultBranch: branch } = await listRemote(remote, slug, [], signal);
    // An empty repository has nothing to fetch; its commits are simply not found.
    if (branch === undefined) return;
    await mirrors.saveDefaultBranch(mirror, branch);
  }
  // Twice, because a connection that broke is no reason to throw a good mirror away.
  if (await fetchBranches(deps, mirror, slug, patterns, signal)) return;
  if (await fetchBranches(deps, mirror, slug, patterns, signal)) return;
  deps.logger.warn('a mirror is made anew', { repository: slug });
  await mirrors.discard(mirror);
  if (await fetchBranches(deps, mirror, slug, patterns, signal)) return;
  const detail = 'git fetch fails although the git host answers';
  throw new PublishError(failure('fetch-failed', { repository: slug, detail }));
}

/** First contact leaves all contents out; later changes come with their small files in the same answer. */
async function fetchBranches(
  deps: UpdateDeps,
  mirror: Mirror,
  slug: Slug,
  patterns: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  // Asked of git, not remembered: a mirror may have been evicted, or its first fetch have broken off.
  const head = await deps.readers
    .use(mirror, signal, async (reader) => reader.resolve(headRef))
    .catch(() => undefined);
  const filter = head === undefined ? '--filter=blob:none' : '--filter=blob:limit=1m';
  const wanted = (deps.refspecs ?? refspecs)(patterns);
  const args = ['--force', '--prune', filter, 'origin', ...wanted];
  if (!(await fetchOrDiscard(deps, mirror, { slug, args }, signal))) return false;
  await repackIfNeeded(deps.remote, mirror, signal);
  return true;
}

/** A mirror that outgrew its limit is thrown away: what was fetched is of no use. */
async function fetchOrDiscard(
  { remote, mirrors }: UpdateDeps,
  mirror: Mirror,
  request: FetchRequest,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const fetched = await fetchInto(remote, mirror, request, signal);
    if (fetched) await mirrors.settle(mirror);
    return fetched;
  } catch (error) {
    if (error instanceof PublishError && error.failure.reason === 'repository-too-large') {
      mirror.defaultBranch = undefined;
      await mirrors.discard(mirror);
    }
    throw error;
  }
}
