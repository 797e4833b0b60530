import { dispatcherFailedKey } from '../../domain/announcement/announcement-keys.ts';
import { isOwnCommit } from '../../domain/changelog/changelog.ts';
import { legalPatterns, matchesBranch } from '../../domain/repository/branch-pattern.ts';
import type { EventRepository, GitHubEvent } from '../../domain/repository/github-event.ts';
import { type CommitSha, ownerOf, type Repository, sameSlug } from '../../domain/repository/repository.ts';
import { considerHead, type HeadVerdict } from './consider-head.ts';
import type { GitHubDeps } from './deps.ts';
import { dispatcherPaths } from './dispatcher-file.ts';
import { settleRegistration } from './settle-registration.ts';

type Event<K extends GitHubEvent['kind']> = Extract<GitHubEvent, { readonly kind: K }>;

/**
 * Does what follows from one webhook, and returns the outcome in one phrase for the log. Throws Outage('git-host')
 * when the webhook has to be handled later.
 */
export async function handleEvent(
  deps: GitHubDeps,
  event: GitHubEvent,
  signal: AbortSignal,
): Promise<string> {
  switch (event.kind) {
    case 'push':
      return handlePush(deps, event, signal);
    case 'repository-dispatch':
      return handleDispatch(deps, event);
    case 'pull-request':
      return handlePullRequest(deps, event, signal);
    case 'workflow-run':
      return handleWorkflowRun(deps, event);
    case 'repository':
      return handleRepository(deps, event);
    case 'installation':
      return handleInstallation(deps, event);
    case 'other':
      return 'nothing follows from it';
  }
}

/** Remedy that is shown wherever a name belongs to another id than the registered one. */
export const remedyForAnotherId =
  'If you made it anew, set it active with /register edit (or add it again): that takes the new id. If somebody else took its name, remove it with /register remove.';

/** Returns the active repository, or the outcome in words when there is none. */
async function findActive(deps: GitHubDeps, about: EventRepository): Promise<Repository | string> {
  const { githubId, slug } = about;
  const repository = await deps.links.findByGitHub(githubId, slug);
  if (repository?.status === 'active') return repository;
  const named = repository === undefined ? await deps.repositories.findBySlug(slug) : undefined;
  return named === undefined ? 'not an active repository' : tellAnotherId(deps, named, githubId);
}

/**
 * Announces that a repository has another id: it was deleted and made anew, or somebody else took its name, which
 * only a person knows. Announced once while the repository counts as active.
 */
async function tellAnotherId(
  deps: GitHubDeps,
  { id, slug, status }: Repository,
  githubId: number,
): Promise<string> {
  const known = await deps.links.findGitHubId(id);
  const title = `${slug} has another id on GitHub than the repository that was registered (${known} → ${githubId}): its events are refused`;
  const notice = { kind: 'repository-notice', repository: slug, title, remedy: remedyForAnotherId } as const;
  if (status === 'active') await deps.outbox.add(notice, `another-id-${id}-${githubId}`);
  return `not an active repository: its id changed (${known} → ${githubId}). ${remedyForAnotherId}`;
}

const branchPrefix = 'refs/heads/';

async function handlePush(deps: GitHubDeps, event: Event<'push'>, signal: AbortSignal): Promise<string> {
  if (event.after === undefined) return 'the ref was deleted';
  if (!event.ref.startsWith(branchPrefix)) return 'no branch';
  const repository = await findActive(deps, event.repository);
  if (typeof repository === 'string') return repository;
  const branch = event.ref.slice(branchPrefix.length);
  const isPublishing =
    branch === event.repository.defaultBranch || matchesBranch(branch, legalPatterns(repository.branches));
  if (!isPublishing) return 'not a branch that publishes';
  const { after: commit, message, author } = event;
  const unannounced = await findUnannounced(deps, repository, branch, event.before);
  const head = { repository, branch, commit, message, author, requestedBy: 'event', unannounced };
  const verdict = await considerHead(deps, head, signal);
  if (verdict.kind === 'dispatched') {
    const isDefaultBranch = branch === event.repository.defaultBranch;
    const place = { repositoryId: repository.id, commit, branch, isDefaultBranch };
    await deps.requestCheck({ ...place, pullRequest: undefined });
  }
  return verdict.kind === 'unchanged' && isOwn(event) ? 'our own commit' : wordVerdict(verdict);
}

/** Returns the commit of the push before this one, if no event announced it. */
async function findUnannounced(
  deps: GitHubDeps,
  repository: Repository,
  branch: string,
  before: CommitSha | undefined,
): Promise<CommitSha | undefined> {
  const seen = await deps.links.findSeenHead(repository.id, branch);
  return seen === undefined || seen === before ? undefined : before;
}

function isOwn({ author, message }: Event<'push'>): boolean {
  const [subject = ''] = (message ?? '').split('\n');
  return isOwnCommit({ author: author ?? '', subject });
}

function wordVerdict(verdict: HeadVerdict): string {
  switch (verdict.kind) {
    case 'dispatched':
      return wordJobs(verdict);
    case 'unchanged':
      return 'no manifest changed';
    case 'gone':
      return 'the commit is not on its branch any more';
    case 'refused':
      return verdict.detail;
  }
}

function wordJobs({ job, duplicate, missed }: Extract<HeadVerdict, { kind: 'dispatched' }>): string {
  const late = missed.length === 0 ? '' : `, after ${missed.length} that no event announced`;
  return `job #${job}${duplicate ? ', as before' : ''}${late}`;
}

async function handleDispatch(deps: GitHubDeps, event: Event<'repository-dispatch'>): Promise<string> {
  const { dispatchRepository } = deps;
  const { slug } = event.repository;
  if (dispatchRepository === undefined || !sameSlug(slug, dispatchRepository))
    return 'not from GITHUB_DISPATCH_REPOSITORY';
  if (event.eventType !== 'package_publish') return 'another event type';
  if (event.dispatch === undefined) {
    await deps.audit.append({
      action: 'dispatch-refused',
      actor: 'event',
      subject: slug,
      facts: { code: 'invalid-payload' },
    });
    return 'its payload is no dispatch';
  }
  const result = await deps.accept(event.dispatch);
  return result.kind === 'accepted' ? `job #${result.acceptance.job}` : result.detail;
}

/** Actions after which there is another commit to look at. */
const proposingActions: readonly string[] = ['opened', 'reopened', 'synchronize'];

async function handlePullRequest(
  deps: GitHubDeps,
  event: Event<'pull-request'>,
  signal: AbortSignal,
): Promise<string> {
  if (proposingActions.includes(event.action)) return checkPullRequest(deps, event);
  if (event.action !== 'closed') return 'nothing follows from it';
  const repository = await deps.links.findByGitHub(event.repository.githubId, event.repository.slug);
  const registration = repository && (await deps.registrations.find(repository.id));
  if (repository === undefined || registration?.pullRequest !== event.number) return 'not ours';
  return settleRegistration(deps, repository, registration, event.isMerged ? 'merged' : 'closed', signal);
}

/** Asks for a check that shows at the head what would be published. A fork's commit is read, and never published. */
async function checkPullRequest(deps: GitHubDeps, event: Event<'pull-request'>): Promise<string> {
  const { head: commit, base: branch, number: pullRequest } = event;
  if (commit === undefined || branch === undefined) return 'nothing follows from it';
  const repository = await findActive(deps, event.repository);
  if (typeof repository === 'string') return repository;
  const isDefaultBranch = branch === event.repository.defaultBranch;
  const isPublishing = isDefaultBranch || matchesBranch(branch, legalPatterns(repository.branches));
  if (!isPublishing) return 'not into a branch that publishes';
  await deps.requestCheck({ repositoryId: repository.id, commit, branch, isDefaultBranch, pullRequest });
  return `a check of #${pullRequest}`;
}

const badConclusions: readonly string[] = ['failure', 'timed_out', 'startup_failure', 'action_required'];

/** Announces a dispatcher that failed: it is why nothing is published, and nobody looks at its log. */
async function handleWorkflowRun(deps: GitHubDeps, event: Event<'workflow-run'>): Promise<string> {
  const { conclusion, path, commit } = event;
  if (!dispatcherPaths.includes(path)) return 'another workflow';
  if (conclusion === undefined || !badConclusions.includes(conclusion)) return 'nothing to report';
  const repository = await findActive(deps, event.repository);
  if (typeof repository === 'string') return repository;
  const { slug, id } = repository;
  const title = `The dispatcher of ${slug} ended with ${conclusion}${commit === undefined ? '' : ` at ${commit.slice(0, 7)}`}`;
  const remedy = `Read the run under Actions of ${slug}; the package’s own report says more when it got that far.`;
  await deps.outbox.add(
    { kind: 'repository-notice', repository: slug, title, remedy },
    dispatcherFailedKey(id, commit),
  );
  return 'reported';
}

async function handleRepository(deps: GitHubDeps, event: Event<'repository'>): Promise<string> {
  const repository = await deps.links.findByGitHub(event.repository.githubId, event.repository.slug);
  if (repository === undefined) return 'not registered';
  if (event.action === 'renamed' || event.action === 'transferred')
    return followRename(deps, repository, event.repository);
  if (event.action === 'archived' || event.action === 'deleted')
    return disable(deps, repository, `${repository.slug} was ${event.action}`);
  return 'nothing follows from it';
}

/** Follows a rename by the repository's id; a new owner must be one of ours. */
export async function followRename(
  deps: GitHubDeps,
  repository: Repository,
  now: Pick<EventRepository, 'slug'>,
): Promise<string> {
  const from = repository.slug;
  if (!(await deps.links.rename(repository.id, now.slug))) return 'known by this name already';
  deps.logger.info('a repository was renamed', { from, to: now.slug });
  if (deps.owners.some((owner) => sameSlug(owner, ownerOf(now.slug)))) return `renamed from ${from}`;
  const renamed = { ...repository, slug: now.slug };
  return disable(deps, renamed, `${from} now belongs to ${ownerOf(now.slug)}, which is not in GITHUB_OWNERS`);
}

/** Disables a repository: nothing can be published from it, and a person decides what becomes of it. */
export async function disable(
  deps: GitHubDeps,
  repository: Repository,
  why: string,
  remedy = 'Remove it with /register remove, or set it active again with /register edit.',
): Promise<string> {
  if (!(await deps.links.setStatus(repository.id, 'disabled', 'github'))) return 'disabled already';
  const told = { title: why, remedy: `It is disabled here. ${remedy}` };
  const notice = { kind: 'repository-notice', repository: repository.slug, ...told } as const;
  const day = new Date(deps.clock.now()).toISOString().slice(0, 10);
  await deps.outbox.add(notice, `repository-disabled-${repository.id}-${day}`);
  return 'disabled';
}

async function handleInstallation(deps: GitHubDeps, event: Event<'installation'>): Promise<string> {
  const facts = { repositories: event.repositories.map(({ slug }) => slug).slice(0, 100) };
  const action = `app-${event.action.slice(0, 50)}`;
  await deps.audit.append({ action, actor: 'github', subject: 'installation', facts });
  deps.logger.info('the App’s installation changed', { action: event.action, ...facts });
  return 'written down';
}
