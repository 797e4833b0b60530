import { Outage, PublishError, renderFailure } from '../../domain/failure.ts';
import type { Repository, Slug } from '../../domain/repository.ts';
import type { MergeResult, PullRequestMerger } from '../../ports/pull-request-merger.ts';
import type { Registration } from '../../ports/registrations.ts';
import type { HostedRepository, RepositoryDirectory } from '../../ports/repository-directory.ts';
import type {
  CommitFilesResult,
  FileToCommit,
  PullRequest,
  RepositoryWriter,
} from '../../ports/repository-writer.ts';
import type { GitHubDeps } from './deps.ts';
import { dispatcherPath, dispatcherPaths, renderDispatcher } from './dispatcher-file.ts';
import { describeRegistration, type FoundPackage } from './registration-body.ts';
import { settleRegistration } from './settle-registration.ts';

export interface RegistrationDeps extends GitHubDeps {
  readonly directory: RepositoryDirectory;
  readonly writer: RepositoryWriter;
  readonly merger: PullRequestMerger;
  /** PUBLIC_URL and OIDC_AUDIENCE; without them no dispatcher can reach us. */
  readonly publisherUrl: string | undefined;
  readonly audience: string | undefined;
}

export interface RegistrationRequest {
  readonly repository: Repository;
  readonly kind: 'add' | 'remove';
  /** Found at the head, for the pull request's text. */
  readonly packages: readonly FoundPackage[];
  /** Merge it, or have it merged as soon as that is allowed. */
  readonly merge: boolean;
  readonly requestedBy: string;
}

export type RegistrationAnswer =
  | {
      readonly kind: 'opened';
      readonly pullRequest: PullRequest;
      /** Undefined when nobody asked for it. */
      readonly merge: MergeResult | undefined;
    }
  /** The dispatcher is as it should be: there is nothing to change in the repository. */
  | { readonly kind: 'nothing-to-change' }
  /** `detail`: why and what to do, in sentences. */
  | { readonly kind: 'refused'; readonly detail: string };

const branchOf = { add: 'upm-auto-publisher/register', remove: 'upm-auto-publisher/remove' } as const;
const titleOf = {
  add: 'Publish UPM packages of this repository',
  remove: 'Stop publishing UPM packages',
} as const;

export interface Registrar {
  /** Idempotent: one branch, one pull request, also for two who ask at once. Throws Outage('git-host'). */
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
  const files = await findChanges(deps, hosted, wanted, signal);
  if (files.length === 0) return { kind: 'nothing-to-change' };
  const committed = await commitTo(deps, request, hosted, files, signal);
  if (committed.kind === 'protected' || committed.kind === 'refused')
    return { kind: 'refused', detail: `GitHub does not take the commit: ${committed.detail}` };
  return follow(deps, request, hosted, signal);
}

function findRefusal(slug: Slug, hosted: HostedRepository | undefined): string | undefined {
  if (hosted === undefined)
    return `GitHub answered 404 for ${slug}: it is private, or the App is not installed there. Give the publisher access, then ask again.`;
  return hosted.isArchived ? `${slug} is archived. Unarchive it on GitHub first.` : undefined;
}

/** Undefined without an address to be reached at. */
export function renderFor(
  deps: Pick<RegistrationDeps, 'publisherUrl' | 'audience'>,
  repository: Repository,
  hosted: Pick<HostedRepository, 'defaultBranch'>,
): string | undefined {
  const { publisherUrl, audience } = deps;
  if (publisherUrl === undefined || audience === undefined) return undefined;
  return renderDispatcher({
    publisherUrl,
    audience,
    branches: [hosted.defaultBranch, ...repository.branches],
  });
}

/** What differs at the head of the default branch: ours in its place, none from earlier days beside it. */
async function findChanges(
  deps: RegistrationDeps,
  { slug, defaultBranch }: HostedRepository,
  wanted: string | undefined,
  signal: AbortSignal,
): Promise<readonly FileToCommit[]> {
  const files: FileToCommit[] = [];
  for (const path of dispatcherPaths) {
    const content = path === dispatcherPath ? wanted : undefined;
    const found = await deps.directory.readFile(slug, defaultBranch, path, signal);
    if (found === content) continue;
    files.push({ path, content: content === undefined ? undefined : new TextEncoder().encode(content) });
  }
  return files;
}

/** A branch whose pull request is open is not reset: that would close it. */
async function commitTo(
  deps: RegistrationDeps,
  request: RegistrationRequest,
  hosted: HostedRepository,
  files: readonly FileToCommit[],
  signal: AbortSignal,
): Promise<CommitFilesResult | { readonly kind: 'kept' }> {
  const { slug, defaultBranch } = hosted;
  const branch = branchOf[request.kind];
  const known = await deps.registrations.find(request.repository.id);
  const isOpen = known?.state === 'open' && known.kind === request.kind;
  if (isOpen && (await isStanding(deps, slug, branch, files, signal))) return { kind: 'kept' };
  const head = await deps.writer.findHead(slug, isOpen ? branch : defaultBranch, signal);
  if (head === undefined) return { kind: 'refused', detail: 'the repository is empty' };
  if (!isOpen) await deps.writer.setBranch(slug, branch, head, true, signal);
  const headline = request.kind === 'add' ? 'ci: publish UPM packages' : 'ci: stop publishing UPM packages';
  return deps.writer.commitFiles({ slug, branch, expectedHead: head, files, headline, body: '' }, signal);
}

/** The branch holds these changes already. */
async function isStanding(
  deps: RegistrationDeps,
  slug: Slug,
  branch: string,
  files: readonly FileToCommit[],
  signal: AbortSignal,
): Promise<boolean> {
  for (const { path, content } of files) {
    const wanted = content === undefined ? undefined : new TextDecoder().decode(content);
    if ((await deps.directory.readFile(slug, branch, path, signal)) !== wanted) return false;
  }
  return true;
}

async function follow(
  deps: RegistrationDeps,
  request: RegistrationRequest,
  hosted: HostedRepository,
  signal: AbortSignal,
): Promise<RegistrationAnswer> {
  const { repository, kind, requestedBy } = request;
  const { slug, defaultBranch: base } = hosted;
  const body =
    kind === 'add'
      ? describeRegistration(request.packages, [base, ...repository.branches])
      : 'After merging, pushes to this repository are not published any more.';
  const pullRequest = await deps.writer.openPullRequest(
    { slug, base, head: branchOf[kind], title: titleOf[kind], body },
    signal,
  );
  const registration = {
    repositoryId: repository.id,
    pullRequest: pullRequest.number,
    url: pullRequest.url,
    kind,
    state: 'open',
    requestedBy,
  } as const;
  await deps.registrations.save(registration);
  if (!request.merge) return { kind: 'opened', pullRequest, merge: undefined };
  const merge = await deps.merger.merge(slug, pullRequest.number, signal);
  if (merge.kind === 'merged') await settleSoon(deps, repository, registration, signal);
  const state = merge.kind === 'merged' ? 'merged' : pullRequest.state;
  return { kind: 'opened', pullRequest: { ...pullRequest, state }, merge };
}

/** It is merged, whatever happens now: what could not be done at once is done by whoever follows it. */
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
