import type { Slug } from '../../../domain/repository/repository.ts';
import { branchOfRef, headRef, refspecs } from '../branches.ts';
import type { Settings } from '../git-env.ts';
import { inOrder, type Mirror } from '../mirrors.ts';
import { runLocal } from '../scratch.ts';
import { type FetchRequest, fetchInto } from './fetch.ts';
import { settingsFor } from './shallow-host.ts';
import type { UpdateDeps } from './update-mirror.ts';

/**
 * Keeps the fetch from announcing the commits that the mirror holds; git uses the same setting when it fetches the
 * missing files of a partial clone. A host with a reachability bitmap (git 2.39: `git gc` writes one into bare
 * repositories) would assume that the mirror also holds the files of the announced commits, and would send nothing.
 */
const sayNothingOfOurCommits: Settings = [['fetch.negotiationAlgorithm', 'noop']];
const branchNamesMaxBytes = 4 * 1024 * 1024;

/**
 * Fetches the files `oids` into the mirror with one request by id. From a host that does not serve files by id, fetches
 * the mirror's branches with all their contents instead. Throws like fetchInto.
 */
export async function fetchObjects(
  deps: UpdateDeps,
  mirror: Mirror,
  slug: Slug,
  oids: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  await inOrder(mirror, async () => {
    const ask = async (filter: string, some: readonly string[]): Promise<boolean> =>
      fetchAndSettle(deps, mirror, requestById(mirror, slug, filter, some), signal);
    // The filter excludes none of the named files; it makes git store them together with the files of the branches.
    if (await ask('--filter=blob:none', oids)) return;
    // The request failed because the connection broke or because the host accepts no filter.
    if (await ask('--no-filter', oids)) return;
    // Requesting a single file shows whether the host serves no files by id or only the large request failed.
    if (oids.length > 1 && (await ask('--no-filter', oids.slice(0, 1)))) return;
    await fetchWhole(deps, mirror, slug, signal);
  });
}

function requestById(mirror: Mirror, slug: Slug, filter: string, oids: readonly string[]): FetchRequest {
  const args = [filter, '--refmap=', '--stdin', 'origin'];
  const settings = [...sayNothingOfOurCommits, ...settingsFor(mirror.folder)];
  return { slug, args, input: `${oids.join('\n')}\n`, settings };
}

/** Fetches the mirror's branches again with all contents, and records that later fetches leave nothing out. */
async function fetchWhole(deps: UpdateDeps, mirror: Mirror, slug: Slug, signal: AbortSignal): Promise<void> {
  deps.logger.warn('the git host gives no files by their ids: all contents are fetched', {
    repository: slug,
  });
  const listing = ['-C', mirror.folder, 'for-each-ref', '--format=%(refname)', 'refs/publisher'];
  const listed = await runLocal(deps.remote, listing, signal, branchNamesMaxBytes);
  const refs = listed.stdout
    .toString('utf8')
    .split('\n')
    .filter((ref) => ref !== '');
  const branches = refs.map(branchOfRef).filter((branch) => branch !== undefined);
  const wanted = (deps.refspecs ?? refspecs)(branches).slice(refs.includes(headRef) ? 0 : 1);
  const args = ['--refetch', '--force', '--no-filter', '--update-shallow', 'origin', ...wanted];
  const settings = settingsFor(mirror.folder);
  if (await fetchAndSettle(deps, mirror, { slug, args, settings }, signal))
    await deps.mirrors.saveLeftOut(mirror, 'nothing');
}

async function fetchAndSettle(
  { remote, mirrors }: UpdateDeps,
  mirror: Mirror,
  request: FetchRequest,
  signal: AbortSignal,
): Promise<boolean> {
  const isFetched = await fetchInto(remote, mirror, request, signal);
  if (isFetched) await mirrors.settle(mirror);
  return isFetched;
}
