import { type Failure, failure, Outage, PublishError } from '../../domain/failure/failure.ts';
import {
  ownerOf,
  parseCommitSha,
  type Repository,
  sameSlug,
  slugFromUrl,
} from '../../domain/repository/repository.ts';
import { runDry } from '../dispatch/dry-run.ts';
import { compareRows } from '../watch/catalog/compare.ts';
import { refreshCatalog } from '../watch/catalog/refresh.ts';
import { notFound, refused } from './answers.ts';
import { catalogDepsOf } from './catalog-deps.ts';
import type { OperationsDeps } from './deps.ts';
import type { Actor, Operations, RepositoryScan } from './operations.ts';

/** No address is longer. */
const longestAddress = 1000;
/** For packing and checking everything at the head. */
const preflightTimeoutMs = 3 * 60_000;

/** A new one stays, pending, only when its head could be read: a typing error leaves nothing behind. */
export async function scanRepository(
  deps: OperationsDeps,
  address: string,
  by: Actor,
  signal: AbortSignal,
): ReturnType<Operations['scanRepository']> {
  const { repositories } = deps.pipeline;
  const slug = slugFromUrl(address.slice(0, longestAddress));
  if (slug === undefined) {
    const known = await repositories.list();
    return notFound(
      'repository',
      address,
      known.map((item) => item.slug),
    );
  }
  const owner = ownerOf(slug);
  if (!deps.owners.some((allowed) => sameSlug(allowed, owner))) {
    return refused(failure('owner-not-allowed', { owner, owners: deps.owners.join(', ') }));
  }
  const before = await repositories.findBySlug(slug);
  const repository = before ?? (await deps.register.add(slug, by));
  let why: Failure | undefined;
  let isRead = false;
  try {
    const { unread } = await refreshCatalog(catalogDepsOf(deps), { repository }, signal);
    why = unread.get(repository.id);
    isRead = why === undefined;
  } finally {
    if (!isRead && before === undefined) await deps.register.remove(repository.id, by);
  }
  if (why !== undefined) return refused(why);
  const scan = await describeScan(deps, repository);
  const preflight = await tryHead(deps, repository, scan.commit, by, signal);
  return {
    kind: 'scanned',
    scan: { ...scan, preflight },
    repository,
    hearsPushes: deps.hearsPushes(),
  };
}

/** Whoever registers it learns now what would be refused later; when that takes too long, later is soon enough. */
async function tryHead(
  deps: OperationsDeps,
  repository: Repository,
  head: string,
  by: Actor,
  signal: AbortSignal,
): Promise<RepositoryScan['preflight']> {
  const commit = parseCommitSha(head);
  if (commit === undefined) return undefined;
  const within = AbortSignal.any([signal, AbortSignal.timeout(preflightTimeoutMs)]);
  try {
    const request = { repository, commit, packagePath: '', allowLower: false, by };
    return (await runDry(deps.pipeline.prepare, request, within)).packages;
  } catch (error) {
    signal.throwIfAborted();
    const isExpected = within.aborted || error instanceof Outage || error instanceof PublishError;
    if (!isExpected) throw error;
    return undefined;
  }
}

async function describeScan(
  deps: OperationsDeps,
  repository: Repository,
): Promise<Omit<RepositoryScan, 'preflight'>> {
  const rows = await deps.catalog.listRows({ repositoryId: repository.id });
  const head = await deps.catalog.findHead(repository.id);
  const registered = (await deps.pipeline.repositories.list()).map(({ slug }) => slug);
  const packages = compareRows(rows, {
    scopes: deps.scopes,
    registered,
    gitServerUrl: deps.pipeline.changelog.gitServerUrl,
  });
  const owned = new Set(rows.filter((row) => row.owner !== undefined).map((row) => row.name));
  const contested = packages
    .filter((row) => row.kind === 'duplicate-owner' && !owned.has(row.name))
    .map(({ name, detail }) => ({ name, holders: detail ?? '' }));
  return {
    repository: repository.slug,
    commit: head?.commit ?? '',
    branch: head?.branch ?? '',
    packages,
    contested,
  };
}
