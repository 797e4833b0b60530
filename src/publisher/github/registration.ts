import { Outage, PublishError, renderFailure } from '../../domain/failure/failure.ts';
import type { CommitSha, Repository, Slug } from '../../domain/repository/repository.ts';
import type { FileToCommit, PullRequest } from '../../ports/github.ts';
import type { HostedRepository, Registration, RepositoryDirectory } from '../../ports/repositories.ts';
import { checkOwnBranch, commitToOwnBranch, type OwnCommitResult } from '../commit/own-branch.ts';
import { dispatcherPath, dispatcherPaths, renderFor } from './dispatcher-file.ts';
import { branchOf, type MergeDeps, mergeRegistration, type RegistrationMerge } from './merge-registration.ts';
import { describeRegistration, type FoundPackage } from './registration-body.ts';
import { settleRegistration } from './settle-registration.ts';

export interface RegistrationDeps extends MergeDeps {
  readonly directory: RepositoryDirectory;
  /** From PUBLIC_URL and OIDC_AUDIENCE; without them no dispatcher can reach us. */
  readonly publisherUrl: string | undefined;
  readonly audience: string | undefined;
}

export interface RegistrationRequest {
  readonly repository: Repository;
  readonly kind: 'add' | 'remove';
  /** Packages at the head, for the pull request's text. */
  readonly packages: readonly FoundPackage[];
  /** Whether to merge the pull request now, or as soon as that is allowed. */
  readonly merge: boolean;
  readonly requestedBy: string;
}

export type RegistrationAnswer =
  | {
      readonly kind: 'opened';
      readonly pullRequest: PullRequest;
      /** Undefined when nobody asked for a merge. */
      readonly merge: RegistrationMerge | undefined;
    }
  /** The dispatcher is as it should be: there is nothing to change in the repository. */
  | { readonly kind: 'nothing-to-change' }
  /** `detail` says why and what to do, in sentences. */
  | { readonly kind: 'refused'; readonly detail: string };

const titleOf = {
  add: 'Publish UPM packages of this repository',
  remove: 'Stop publishing UPM packages',
} as const;

export interface Registrar {
  /**
   * Opens the pull request of a registration. Idempotent: one branch and one pull request, also for two who ask at
   * once. Throws Outage('git-host').
   */
  request(request: RegistrationRequest, signal: AbortSignal): Promise<RegistrationAnswer>;
}

export function buildRegistrar(deps: RegistrationDeps): Registrar {
  const running = new Map<number, Promise<unknown>>();
  return {
    request: async (request, signal) => {
      const { id } = request.repository;
      const before = running.get(id) ?? Promise.resolve();
      const now = before.then(async () => openAndMerge(deps, request, signal));
      const settled = now.catch(() => undefined);
      running.set(id, settled);
      await settled;
      if (running.get(id) === settled) running.delete(id);
      return now;
    },
  };
}

async function openAndMerge(
  deps: RegistrationDeps,
  request: RegistrationRequest,
  signal: AbortSignal,
): Promise<RegistrationAnswer> {
  try {
    return await open(deps, request, signal);
  } catch (error) {
    if (!(error instanceof PublishError)) throw error;
    const { title, remedy } = renderFailure(error.failure);
    return { kind: 'refused', detail: `${title}. ${remedy}` };
  }
}

async function open(
  deps: RegistrationDeps,
  request: RegistrationRequest,
  signal: AbortSignal,
): Promise<RegistrationAnswer> {
  const { repository, kind } = request;
  const hosted = await deps.directory.find(repository.slug, signal);
  const refusal = findRefusal(repository.slug, hosted);
  if (hosted === undefined || refusal !== undefined) return { kind: 'refused', detail: refusal ?? '' };
  const wanted = kind === 'remove' ? undefined : renderFor(deps, repository, hosted);
  if (kind === 'add' && wanted === undefined)
    return {
      kind: 'refused',
      detail: 'A dispatcher needs PUBLIC_URL and OIDC_AUDIENCE. Set both, or rely on webhooks.',
    };
  return change(deps, request, hosted, wanted, signal);
}

/** Commits the changes to our branch, and opens a pull request with them. */
async function change(
  deps: RegistrationDeps,
  request: RegistrationRequest,
  hosted: HostedRepository,
  wanted: string | undefined,
  signal: AbortSignal,
): Promise<RegistrationAnswer> {
  const base = await deps.writer.findHead(hosted.slug, hosted.defaultBranch, signal);
  if (base === undefined)
    return { kind: 'refused', detail: `${hosted.slug} is empty. Push a first commit, then ask again.` };
  const read = new Map<CommitSha, Promise<readonly FileToCommit[]>>();
  const filesOn = async (tip: CommitSha) => {
    const changes = read.get(tip) ?? findChanges(deps, hosted.slug, tip, wanted, signal);
    read.set(tip, changes);
    return changes;
  };
  if ((await filesOn(base)).length === 0) return { kind: 'nothing-to-change' };
  const written = await commitTo(deps, request, { slug: hosted.slug, base, filesOn }, signal);
  if (written.kind === 'foreign') return { kind: 'refused', detail: written.detail };
  if (written.kind === 'refused')
    return { kind: 'refused', detail: `GitHub does not take the commit: ${written.detail}` };
  return follow(deps, request, hosted, written.commit, signal);
}

function findRefusal(slug: Slug, hosted: HostedRepository | undefined): string | undefined {
  if (hosted === undefined)
    return `GitHub answered 404 for ${slug}: it is private, or the App is not installed there. Give the publisher access, then ask again.`;
  return hosted.isArchived ? `${slug} is archived. Unarchive it on GitHub first.` : undefined;
}

/** Lists what differs at a commit: our dispatcher belongs in its place, and none from earlier versions beside it. */
async function findChanges(
  deps: RegistrationDeps,
  slug: Slug,
  at: CommitSha,
  wanted: string | undefined,
  signal: AbortSignal,
): Promise<readonly FileToCommit[]> {
  const files: FileToCommit[] = [];
  for (const path of dispatcherPaths) {
    const content = path === dispatcherPath ? wanted : undefined;
    const found = await deps.directory.readFile(slug, at, path, signal);
    if (found === content) continue;
    files.push({ path, content: content === undefined ? undefined : new TextEncoder().encode(content) });
  }
  return files;
}

/** Commits to our branch. A branch whose pull request is open is not moved back, because that would close it. */
async function commitTo(
  deps: RegistrationDeps,
  { repository: { id }, kind }: RegistrationRequest,
  change: Pick<Parameters<typeof commitToOwnBranch>[1], 'slug' | 'base' | 'filesOn'>,
  signal: AbortSignal,
): Promise<OwnCommitResult> {
  const known = await deps.registrations.find(id);
  const isOpen = known?.state === 'open' && known.kind === kind;
  const headline = kind === 'add' ? 'ci: publish UPM packages' : 'ci: stop publishing UPM packages';
  const place = { repositoryId: id, branch: branchOf[kind], restart: !isOpen };
  return commitToOwnBranch(deps, { ...change, ...place, headline, body: '' }, signal);
}

async function follow(
  deps: RegistrationDeps,
  request: RegistrationRequest,
  hosted: HostedRepository,
  commit: CommitSha,
  signal: AbortSignal,
): Promise<RegistrationAnswer> {
  const { repository, kind, requestedBy } = request;
  const { slug, defaultBranch: base } = hosted;
  const head = branchOf[kind];
  const body =
    kind === 'add'
      ? describeRegistration(request.packages, [base, ...repository.branches])
      : 'After merging, pushes to this repository are not published any more.';
  const pull = { slug, base, head, title: titleOf[kind], body };
  const pullRequest = await deps.writer.openPullRequest(pull, signal);
  const place = { repositoryId: repository.id, slug, branch: head };
  const checked = await checkOwnBranch(deps, place, commit, signal);
  const registration: Registration = {
    repositoryId: repository.id,
    pullRequest: pullRequest.number,
    url: pullRequest.url,
    kind,
    state: 'open',
    requestedBy,
    mergeAt: request.merge && checked.kind === 'written' ? commit : undefined,
  };
  await deps.registrations.save(registration);
  if (checked.kind !== 'written') return { kind: 'refused', detail: checked.detail };
  if (!request.merge) return { kind: 'opened', pullRequest, merge: undefined };
  const merge = await mergeRegistration(deps, repository, registration, commit, signal);
  if (merge.kind === 'merged') await settleSoon(deps, repository, registration, signal);
  const state = merge.kind === 'merged' ? 'merged' : pullRequest.state;
  return { kind: 'opened', pullRequest: { ...pullRequest, state }, merge };
}

/**
 * Settles a registration that was just merged. It stays merged whatever happens now; what cannot be done at once is
 * done by the loop that follows registrations.
 */
async function settleSoon(
  deps: RegistrationDeps,
  repository: Repository,
  registration: Registration,
  signal: AbortSignal,
): Promise<void> {
  try {
    await settleRegistration(deps, repository, registration, 'merged', signal);
  } catch (error) {
    if (!(error instanceof Outage || error instanceof PublishError)) throw error;
    deps.logger.warn('a merged registration waits', { repository: repository.slug, error });
  }
}
