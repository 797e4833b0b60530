import { Outage, PublishError } from '../../domain/failure/failure.ts';
import type { Repository } from '../../domain/repository/repository.ts';
import { dispatcherPath, renderFor } from './dispatcher-file.ts';
import { disable, followRename, remedyForAnotherId } from './handle-event.ts';
import type { RegistrationDeps } from './registration.ts';

export type SyncKind =
  | 'as-registered'
  /** The new name was taken over. */
  | 'renamed'
  /** The repository was disabled here, as it is for a name that was reused. */
  | 'archived'
  | 'name-reused'
  /** A person has to look. */
  | 'no-access'
  /**
   * There is a dispatcher, but it differs from what would be written now (branch renamed, address changed, edited by
   * hand).
   */
  | 'dispatcher-outdated'
  /** There is no dispatcher; webhooks or catching up have to suffice. */
  | 'dispatcher-missing'
  | 'unknown';

export interface SyncFinding {
  readonly repository: string;
  readonly kind: SyncKind;
  /** One sentence; undefined where there is nothing to say. */
  readonly detail: string | undefined;
}

/**
 * Compares every registered repository that is not disabled with the git host. Renames are followed by id; archived
 * repositories, and names that belong to another repository by now, are disabled. Ends at the first sign of an
 * outage; the rest is `unknown` then.
 */
export async function syncStatus(
  deps: RegistrationDeps,
  signal: AbortSignal,
): Promise<readonly SyncFinding[]> {
  const findings: SyncFinding[] = [];
  let outage: Outage | undefined;
  for (const repository of await deps.repositories.list()) {
    if (repository.status === 'disabled') continue;
    if (outage !== undefined) {
      findings.push({ repository: repository.slug, kind: 'unknown', detail: outage.detail });
      continue;
    }
    try {
      findings.push(await compare(deps, repository, signal));
    } catch (error) {
      if (!(error instanceof Outage)) throw error;
      outage = error;
      findings.push({ repository: repository.slug, kind: 'unknown', detail: error.detail });
    }
  }
  return findings;
}

async function compare(
  deps: RegistrationDeps,
  repository: Repository,
  signal: AbortSignal,
): Promise<SyncFinding> {
  const { id, slug } = repository;
  const hosted = await deps.directory.find(slug, signal);
  if (hosted === undefined) {
    const detail = `GitHub answered 404 for ${slug}: deleted, private, or the App is not installed there`;
    return { repository: slug, kind: 'no-access', detail };
  }
  const known = await deps.links.findGitHubId(id);
  if (known !== undefined && known !== hosted.githubId) {
    const detail = `${slug} is another repository now than the one that was registered (id ${known} → ${hosted.githubId})`;
    await disable(deps, repository, detail, remedyForAnotherId);
    return { repository: slug, kind: 'name-reused', detail };
  }
  await deps.links.findByGitHub(hosted.githubId, slug);
  if (hosted.slug !== slug) {
    const detail = await followRename(deps, repository, hosted);
    return { repository: hosted.slug, kind: 'renamed', detail };
  }
  if (hosted.isArchived) {
    await disable(deps, repository, `${slug} was archived`);
    return { repository: slug, kind: 'archived', detail: undefined };
  }
  return compareDispatcher(deps, repository, hosted.defaultBranch, signal);
}

async function compareDispatcher(
  deps: RegistrationDeps,
  repository: Repository,
  defaultBranch: string,
  signal: AbortSignal,
): Promise<SyncFinding> {
  const { slug } = repository;
  const wanted = renderFor(deps, repository, { defaultBranch });
  try {
    const found = await deps.directory.readFile(slug, defaultBranch, dispatcherPath, signal);
    if (found === undefined) return { repository: slug, kind: 'dispatcher-missing', detail: undefined };
    if (wanted === undefined || found === wanted)
      return { repository: slug, kind: 'as-registered', detail: undefined };
    const detail = `Its dispatcher differs from what /register would write for ${defaultBranch}`;
    return { repository: slug, kind: 'dispatcher-outdated', detail };
  } catch (error) {
    if (!(error instanceof PublishError)) throw error;
    return { repository: slug, kind: 'no-access', detail: error.failure.reason };
  }
}
