import type { Repository } from '../../domain/repository/repository.ts';
import type { Registration } from '../../ports/repositories.ts';
import { considerHead } from './consider-head.ts';
import type { GitHubDeps } from './deps.ts';

/**
 * Ends a registration whose pull request is over. If it was merged, the repository becomes active (or is disabled)
 * and what its head declares is published. Its row is closed last, so that a process that is killed on the way does
 * it again: every step is harmless the second time. Returns one phrase for the log. Throws Outage('git-host') when it
 * has to be tried again.
 */
export async function settleRegistration(
  deps: GitHubDeps,
  repository: Repository,
  registration: Registration,
  state: 'merged' | 'closed',
  signal: AbortSignal,
): Promise<string> {
  if (registration.state !== 'open') return 'known already';
  const outcome =
    state === 'closed'
      ? await tellClosed(deps, repository, registration)
      : await followMerge(deps, repository, registration, signal);
  return (await deps.registrations.close(repository.id, state)) ? outcome : 'known already';
}

async function tellClosed(
  deps: GitHubDeps,
  { id, slug }: Repository,
  { kind, pullRequest }: Registration,
): Promise<string> {
  const title = `Pull request #${pullRequest} of ${slug} was closed without being merged`;
  const remedy =
    kind === 'add'
      ? 'Nothing changed here. Ask again with /register add, or rely on webhooks.'
      : 'Its dispatcher stays, and its runs fail. Delete the file there when they disturb.';
  const notice = { kind: 'repository-notice', repository: slug, title, remedy } as const;
  await deps.outbox.add(notice, `registration-closed-${id}-${pullRequest}`);
  return 'closed';
}

async function followMerge(
  deps: GitHubDeps,
  repository: Repository,
  { kind, requestedBy }: Registration,
  signal: AbortSignal,
): Promise<string> {
  if (kind === 'remove') {
    await deps.links.setStatus(repository.id, 'disabled', requestedBy);
    return 'removed';
  }
  const head = await findDefaultHead(deps, repository, signal);
  await deps.links.setStatus(repository.id, 'active', requestedBy);
  if (head === undefined) return 'active; nothing to publish yet';
  const active = { ...repository, status: 'active' } as const;
  const verdict = await considerHead(deps, { repository: active, ...head, requestedBy: 'event' }, signal);
  return verdict.kind === 'dispatched' ? `active; job #${verdict.job}` : 'active';
}

async function findDefaultHead(deps: GitHubDeps, repository: Repository, signal: AbortSignal) {
  const { defaultBranch, heads } = await deps.source.listHeads(repository.slug, [], signal);
  const commit = defaultBranch === undefined ? undefined : heads.get(defaultBranch);
  return defaultBranch === undefined || commit === undefined ? undefined : { branch: defaultBranch, commit };
}
