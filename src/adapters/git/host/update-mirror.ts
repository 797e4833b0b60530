import { failure, PublishError } from '../../../domain/failure/failure.ts';
import type { Slug } from '../../../domain/repository/repository.ts';
import type { Logger } from '../../../ports/logger.ts';
import { headRef, refspecs } from '../branches.ts';
import type { Settings } from '../git-env.ts';
import { inOrder, type LeftOut, leftOuts, type Mirror, type Mirrors } from '../mirrors.ts';
import type { Readers } from '../readers.ts';
import { repackIfNeeded } from '../repack.ts';
import { inScratch } from '../scratch.ts';
import { type FetchRequest, fetchInto, type RemoteDeps } from './fetch.ts';
import { listRemote } from './list-heads.ts';
import { findSettings, isShallow, settingsFor } from './shallow-host.ts';

export interface UpdateDeps {
  readonly remote: RemoteDeps;
  readonly mirrors: Mirrors;
  readonly readers: Readers;
  readonly logger: Logger;
  /** Converts patterns to refspecs of the git host. By default a pattern names branches. */
  readonly refspecs?: ((patterns: readonly string[]) => readonly string[]) | undefined;
}

/** How long the name of the default branch is reused before a fetch asks the host again; renames are rare. */
const branchNameKeptMs = 10 * 60_000;

/**
 * Fetches the default branch and the branches that match the patterns into the mirror. When the fetch fails although
 * the host answers, builds a new mirror beside the old one and replaces it. Throws Outage and PublishError
 * like fetchInto.
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

async function update(
  deps: UpdateDeps,
  mirror: Mirror,
  slug: Slug,
  patterns: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { branchAskedAt: askedAt } = mirror;
  // Checked with git each time, because the mirror may have been evicted or its first fetch may have been interrupted.
  const isFirst = await isEmpty(deps, mirror, signal);
  const isKnown =
    !isFirst && askedAt !== undefined && deps.remote.clock.monotonic() - askedAt <= branchNameKeptMs;
  const request: BranchesRequest = {
    slug,
    patterns,
    isFirst,
    ...(isKnown
      ? { hasDefaultBranch: true, settings: settingsFor(mirror.folder) }
      : await lookAtHost(deps, mirror, slug, isFirst, signal)),
  };
  // An empty repository has nothing to fetch; a later lookup reports its commits as not found.
  if (!request.hasDefaultBranch && patterns.length === 0) return;
  if (await fetchAsAllowed(deps, mirror, request, signal)) return;
  // The slug may meanwhile belong to a different repository, so the host is examined again.
  const anew = { ...request, ...(await lookAtHost(deps, mirror, slug, true, signal)) };
  deps.logger.warn('a mirror is made anew', { repository: slug });
  const isReplaced = await deps.mirrors.replace(mirror, async (folder) =>
    fetchInto(deps.remote, { folder }, buildRequest(deps, anew, filterOf(mirror.leftOut, true)), signal),
  );
  if (isReplaced) return deps.mirrors.settle(mirror);
  const detail = 'git fetch fails although the git host answers';
  throw new PublishError(failure('fetch-failed', { repository: slug, detail }));
}

async function isEmpty({ readers }: UpdateDeps, mirror: Mirror, signal: AbortSignal): Promise<boolean> {
  const head = await readers
    .use(mirror, signal, async (reader) => reader.resolve(headRef))
    .catch(() => undefined);
  return head === undefined;
}

interface BranchesRequest {
  readonly slug: Slug;
  readonly patterns: readonly string[];
  readonly isFirst: boolean;
  /** False when the git host reports no default branch. */
  readonly hasDefaultBranch: boolean;
  readonly settings: Settings;
}

/** Asks the host for the default branch and, before a first fetch, for the git settings that the host needs. */
async function lookAtHost(
  { remote, mirrors }: UpdateDeps,
  mirror: Mirror,
  slug: Slug,
  isFirst: boolean,
  signal: AbortSignal,
): Promise<Pick<BranchesRequest, 'hasDefaultBranch' | 'settings'>> {
  const { defaultBranch, refs } = await listRemote(remote, slug, [], signal);
  if (defaultBranch !== undefined) await mirrors.saveDefaultBranch(mirror, defaultBranch);
  const head = refs.get('HEAD');
  const isNew = isFirst && head !== undefined;
  const settings = isNew ? await findSettings(remote, slug, head, signal) : settingsFor(mirror.folder);
  return { hasDefaultBranch: defaultBranch !== undefined, settings };
}

/** Fetches with the strongest filter that the host allows; some hosts allow only certain filters. */
async function fetchAsAllowed(
  deps: UpdateDeps,
  mirror: Mirror,
  request: BranchesRequest,
  signal: AbortSignal,
): Promise<boolean> {
  const fetchWith = async (leftOut: LeftOut): Promise<boolean> => {
    const options = filterOf(leftOut, request.isFirst);
    const isCutOff = isShallow(mirror.folder);
    return fetchOrDiscard(deps, mirror, buildRequest(deps, request, options, isCutOff), signal);
  };
  // Tried twice, because a broken connection does not show that the host rejects the filter.
  const isFetched = (await fetchWith(mirror.leftOut)) || (await fetchWith(mirror.leftOut));
  const found = isFetched ? mirror.leftOut : await findAllowed(deps, mirror, request, fetchWith, signal);
  if (found === undefined) return false;
  await deps.mirrors.saveLeftOut(mirror, found);
  await repackIfNeeded(deps.remote, mirror, signal);
  return true;
}

/** Tries weaker filters in order and returns the first that works. Fetches all contents only if no filter works. */
async function findAllowed(
  deps: UpdateDeps,
  mirror: Mirror,
  request: BranchesRequest,
  fetchWith: (leftOut: LeftOut) => Promise<boolean>,
  signal: AbortSignal,
): Promise<LeftOut | undefined> {
  for (const leftOut of leftOuts.slice(leftOuts.indexOf(mirror.leftOut) + 1)) {
    if (leftOut === 'nothing' && (await takesFilters(deps.remote, mirror, request, signal))) return undefined;
    if (await fetchWith(leftOut)) return leftOut;
  }
  return undefined;
}

/** Returns whether the host accepts a filter, by fetching one commit without its files into a scratch folder. */
async function takesFilters(
  remote: RemoteDeps,
  mirror: Mirror,
  { slug, settings }: BranchesRequest,
  signal: AbortSignal,
): Promise<boolean> {
  const args = ['--depth=1', '--filter=blob:none', 'origin', 'HEAD'];
  return inScratch(mirror, async (folder) => fetchInto(remote, { folder }, { slug, args, settings }, signal));
}

/** The first fetch excludes all file contents; later fetches include files of up to 1 MiB in the same response. */
function filterOf(leftOut: LeftOut, isFirst: boolean): string {
  if (leftOut === 'nothing') return '--no-filter';
  return isFirst || leftOut === 'all-files' ? '--filter=blob:none' : '--filter=blob:limit=1m';
}

/** Accepts the incomplete history of a shallow host, and fetches the older commits once the host has them. */
function buildRequest(
  deps: UpdateDeps,
  { slug, patterns, hasDefaultBranch, settings }: BranchesRequest,
  filter: string,
  isCutOff = false,
): FetchRequest {
  const wanted = (deps.refspecs ?? refspecs)(patterns).slice(hasDefaultBranch ? 0 : 1);
  const depth = ['--update-shallow', ...(isCutOff ? ['--unshallow'] : [])];
  return { slug, settings, args: ['--force', '--prune', filter, ...depth, 'origin', ...wanted] };
}

/** Fetches, and deletes the mirror when it exceeds its size limit, because the partial result is unusable. */
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
