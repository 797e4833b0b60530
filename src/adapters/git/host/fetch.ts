import { failure, Outage, PublishError } from '../../../domain/failure/failure.ts';
import type { Slug } from '../../../domain/repository/repository.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Volume } from '../../../ports/system.ts';
import { buildGitEnv, type GitEnvOptions, remoteSettings, type Settings } from '../git-env.ts';
import { listPacks, type Mirror, measurePacks, removePacksBut, removeUnfinished } from '../mirrors.ts';
import { type GitResult, GitTimeout, runGit } from '../run-git.ts';
import { probeHost } from './host-probe.ts';

/** A token that may read the repository; undefined for none. */
export type FindToken = (slug: Slug, signal: AbortSignal) => string | undefined | Promise<string | undefined>;

export interface RemoteDeps {
  readonly serverUrl: string;
  readonly token: FindToken;
  /** A token was refused; true when the next one will be another one. */
  readonly renewToken?: (slug: Slug) => boolean;
  readonly env: GitEnvOptions;
  readonly maxFetchBytes: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Repositories whose host was found not to speak protocol v2; kept up to date by whoever asks for refs. */
  readonly olderHosts: Set<Slug>;
  /** Where the mirrors are; not looked at when left out. */
  readonly volume?: Volume | undefined;
}

export interface FetchRequest {
  readonly slug: Slug;
  /** After `git`, or after `git fetch` for what is fetched. */
  readonly args: readonly string[];
  /** Object ids for `--stdin`. */
  readonly input?: string;
  /** Besides those for every request. */
  readonly settings?: Settings;
}

const growthCheckMs = 250;
const remoteOutputBytes = 4 * 1024 * 1024;
/**
 * Of one piece of memory (git's `GIT_ALLOC_LIMIT`): git keeps the whole of what a host answers for its refs in one, be it
 * without end. The next largest are files of up to 512 MB and the list of a history's objects.
 */
const largestPiece = '1g';

export function repositoryUrlOf(deps: Pick<RemoteDeps, 'serverUrl'>, slug: Slug): string {
  return `${deps.serverUrl}/${slug}.git`;
}

/**
 * One `git fetch` into the mirror, cut when the mirror grows by more than the limit. False when git failed although
 * the git host answers. Throws Outage, PublishError repository-forbidden, -unavailable, -too-large; disk-full; fetch-failed
 * when it took too long.
 */
export async function fetchInto(
  deps: RemoteDeps,
  mirror: Pick<Mirror, 'folder'>,
  request: FetchRequest,
  signal: AbortSignal,
): Promise<boolean> {
  await deps.volume?.check();
  const cut = new AbortController();
  const done = new AbortController();
  const before = await measurePacks(mirror.folder);
  const had = await listPacks(mirror.folder);
  const watch = watchGrowth(deps, mirror, before, cut, done.signal);
  const args = [
    '-C',
    mirror.folder,
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-write-fetch-head',
    ...request.args,
  ];
  let isWhole = false;
  try {
    const both = AbortSignal.any([signal, cut.signal]);
    const result = await runRemote(deps, { ...request, args }, both);
    done.abort();
    await watch;
    cut.signal.throwIfAborted();
    isWhole = result.code === 0;
    if (isWhole) return true;
  } catch (error) {
    if (!(error instanceof GitTimeout)) throw error;
    await explainFailure(deps, request.slug, signal);
    const detail = `the git host did not send it within ${Math.round(deps.timeoutMs / 1000)} s`;
    throw new PublishError(failure('fetch-failed', { repository: request.slug, detail }));
  } finally {
    done.abort();
    await watch;
    if (cut.signal.aborted) await removePacksBut(mirror.folder, had);
    if (!isWhole) await cleanUp(deps, mirror);
  }
  await explainFailure(deps, request.slug, signal);
  return false;
}

/** A git that found no room says no more than that it failed: the half that it left is still there to tell. */
async function cleanUp({ volume }: RemoteDeps, { folder }: Pick<Mirror, 'folder'>): Promise<void> {
  try {
    await volume?.check();
  } finally {
    await removeUnfinished(folder);
  }
}

async function watchGrowth(
  deps: RemoteDeps,
  mirror: Pick<Mirror, 'folder'>,
  before: number,
  cut: AbortController,
  done: AbortSignal,
): Promise<void> {
  for (let isLast = false; !isLast; ) {
    await deps.clock.sleep(growthCheckMs, done).catch(() => undefined);
    // Once more after the end: what came during the last look counts too.
    isLast = done.aborted;
    await deps.volume?.check().catch((error: unknown) => cut.abort(error));
    if (cut.signal.aborted) return;
    const grown = (await measurePacks(mirror.folder)) - before;
    if (grown <= deps.maxFetchBytes) continue;
    const detail = `it needs more than ${Math.floor(deps.maxFetchBytes / 1_000_000)} MB from the git host`;
    return cut.abort(new PublishError(failure('repository-too-large', { detail })));
  }
}

/** git with the settings and credentials for one repository of the git host. */
export async function runRemote(
  deps: RemoteDeps,
  { slug, args, input, settings = [] }: FetchRequest,
  signal: AbortSignal,
): Promise<GitResult> {
  const remote = {
    serverUrl: deps.serverUrl,
    repositoryUrl: repositoryUrlOf(deps, slug),
    token: await deps.token(slug, signal),
  };
  return runGit({
    args,
    env: {
      ...buildGitEnv(deps.env, [...remoteSettings(remote), ...settings]),
      GIT_ALLOC_LIMIT: largestPiece,
    },
    signal,
    timeoutMs: deps.timeoutMs,
    maxOutputBytes: remoteOutputBytes,
    ...(input === undefined ? {} : { input }),
  });
}

/** Throws what the git host says about itself; returns when it would serve this repository. */
export async function explainFailure(deps: RemoteDeps, slug: Slug, signal: AbortSignal): Promise<void> {
  const probe = async (): Promise<void> =>
    probeHost({
      repositoryUrl: repositoryUrlOf(deps, slug),
      slug,
      token: await deps.token(slug, signal),
      signal,
      now: deps.clock.now(),
    });
  try {
    await probe();
  } catch (error) {
    const isRefused = error instanceof Outage && error.kind === 'credentials';
    if (!isRefused || deps.renewToken?.(slug) !== true) throw error;
    await probe();
  }
}

/** True when the git host knows this commit, on whatever branch, and gives it to whoever asks for it by its id. */
export async function isKnownToHost(
  deps: RemoteDeps,
  slug: Slug,
  commit: string,
  scratch: string,
  settings: Settings,
  signal: AbortSignal,
): Promise<boolean> {
  // A host without partial clones sends the whole tree: limited like every fetch. One that refuses this filter may allow
  // another.
  for (const filter of ['--filter=tree:0', '--filter=blob:none', '--no-filter']) {
    const args = ['--depth=1', filter, 'origin', commit];
    if (await fetchInto(deps, { folder: scratch }, { slug, args, settings }, signal)) return true;
  }
  return false;
}
