import { type Failure, failure, Outage, PublishError } from '../../domain/failure/failure.ts';
import type { Actor } from '../../domain/job/actor.ts';
import type { PackageReport } from '../../domain/job/report.ts';
import type { DriftRow } from '../../domain/package/drift.ts';
import {
  ownerOf,
  parseCommitSha,
  type Repository,
  sameSlug,
  slugFromUrl,
} from '../../domain/repository/repository.ts';
import { runDry } from '../dispatch/dry-run.ts';
import { refreshCatalog } from '../watch/catalog/refresh.ts';
import { type NotFound, notFound, type Refused, refused } from './answers.ts';
import type { Core, Uses } from './core.ts';
import { type CompareDeps, compareAll } from './list-drift.ts';

/** The packages at the head of a repository's default branch, compared with the registry. */
export interface RepositoryScan {
  readonly repository: string;
  readonly commit: string;
  readonly branch: string;
  /** Every candidate: drift kind `excluded` carries its reason. */
  readonly packages: readonly DriftRow[];
  /** Names whose owner an operator has to decide. */
  readonly contested: readonly { readonly name: string; readonly holders: string }[];
  /** Result of a dry run of that commit; undefined when it could not be made in time. */
  readonly preflight: readonly PackageReport[] | undefined;
}

export interface ScanAnswer {
  readonly kind: 'scanned';
  readonly scan: RepositoryScan;
  readonly repository: Repository;
  /** Its pushes are noticed without a dispatcher: by webhook, or while catching up. */
  readonly hearsPushes: boolean;
}

export type ScanRepositoryDeps = CompareDeps &
  Pick<Core, 'prepare'> &
  Uses<{ packages: 'cache'; repositories: 'register'; settings: 'hearsPushes' | 'owners' }>;

/** Characters. */
const longestAddress = 1000;
/** The time to pack and check everything at the head. */
const preflightTimeoutMs = 3 * 60_000;

/**
 * Looks at the head of a repository, given by any form of its address. A new one is stored as pending, and only when its
 * head could be read: a typing error leaves nothing behind.
 */
export async function scanRepository(
  deps: ScanRepositoryDeps,
  address: string,
  by: Actor,
  signal: AbortSignal,
): Promise<ScanAnswer | NotFound | Refused> {
  const { all, register } = deps.repositories;
  const { hearsPushes, owners } = deps.settings;
  const slug = slugFromUrl(address.slice(0, longestAddress));
  if (slug === undefined) {
    const known = await all.list();
    return notFound(
      'repository',
      address,
      known.map((item) => item.slug),
    );
  }
  const owner = ownerOf(slug);
  if (!owners.some((allowed) => sameSlug(allowed, owner))) {
    return refused(failure('owner-not-allowed', { owner, owners: owners.join(', ') }));
  }
  const before = await all.findBySlug(slug);
  const repository = before ?? (await register.add(slug, by));
  let why: Failure | undefined;
  let isRead = false;
  try {
    const { unread } = await refreshCatalog(deps.packages.cache, { repository }, signal);
    why = unread.get(repository.id);
    isRead = why === undefined;
  } finally {
    if (!isRead && before === undefined) await register.remove(repository.id, by);
  }
  if (why !== undefined) return refused(why);
  const scan = await describeScan(deps, repository);
  const preflight = await tryHead(deps, repository, scan.commit, by, signal);
  return {
    kind: 'scanned',
    scan: { ...scan, preflight },
    repository,
    hearsPushes: hearsPushes(),
  };
}

/**
 * Checks the head in a dry run, so that whoever registers it learns now what would be refused later. Returns undefined
 * when that takes too long or cannot be done now.
 */
async function tryHead(
  deps: ScanRepositoryDeps,
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
    return (await runDry(deps.prepare, request, within)).packages;
  } catch (error) {
    signal.throwIfAborted();
    const isExpected = within.aborted || error instanceof Outage || error instanceof PublishError;
    if (!isExpected) throw error;
    return undefined;
  }
}

async function describeScan(
  deps: CompareDeps,
  { id: repositoryId, slug }: Repository,
): Promise<Omit<RepositoryScan, 'preflight'>> {
  const { catalog } = deps.packages;
  const packages = await compareAll(deps, { repositoryId });
  const rows = await catalog.listRows({ repositoryId });
  const head = await catalog.findHead(repositoryId);
  const owned = new Set(rows.filter((row) => row.owner !== undefined).map((row) => row.name));
  const contested = packages
    .filter((row) => row.kind === 'duplicate-owner' && !owned.has(row.name))
    .map(({ name, detail }) => ({ name, holders: detail ?? '' }));
  return { repository: slug, commit: head?.commit ?? '', branch: head?.branch ?? '', packages, contested };
}
