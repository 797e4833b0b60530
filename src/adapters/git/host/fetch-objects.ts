import type { Slug } from '../../../domain/repository/repository.ts';
import { branchOfRef, headRef, refspecs } from '../branches.ts';
import type { Settings } from '../git-env.ts';
import { inOrder, type Mirror } from '../mirrors.ts';
import { runLocal } from '../scratch.ts';
import { type FetchRequest, fetchInto } from './fetch.ts';
import { settingsFor } from './shallow-host.ts';
import type { UpdateDeps } from './update-mirror.ts';

/**
 * What git itself sets when it fetches files that a partial clone lacks. Told which commits are here, a host with a
 * reachability bitmap (git 2.39: what `git gc` writes into bare repositories) takes their files for being here too, and
 * sends nothing.
 */
const sayNothingOfOurCommits: Settings = [['fetch.negotiationAlgorithm', 'noop']];
const branchNamesMaxBytes = 4 * 1024 * 1024;

/**
 * Brings these files into the mirror: in one request by their ids, or with all contents of its branches from a host that
 * gives no files by their ids. Throws like fetchInto.
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
    // The filter leaves nothing out of what is named, but makes git keep the files with those of the branches.
    if (await ask('--filter=blob:none', oids)) return;
    // A connection broke, or this is a host that takes no filter.
    if (await ask('--no-filter', oids)) return;
    // One alone: is it the host that gives none, or did this request fail?
    if (oids.length > 1 && (await ask('--no-filter', oids.slice(0, 1)))) return;
    await fetchWhole(deps, mirror, slug, signal);
  });
}

function requestById(mirror: Mirror, slug: Slug, filter: string, oids: readonly string[]): FetchRequest {
  const args = [filter, '--refmap=', '--stdin', 'origin'];
  const settings = [...sayNothingOfOurCommits, ...settingsFor(mirror.folder)];
  return { slug, args, input: `${oids.join('\n')}\n`, settings };
}

/** The branches that are here, once more and with all contents. From now on they come like this. */
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
