import { Outage } from '../../domain/failure.ts';
import type { Repository } from '../../domain/repository.ts';
import type { Registration } from '../../ports/registrations.ts';
import { considerHead } from './consider-head.ts';
import type { GitHubDeps } from './deps.ts';

/**
 * A registration's pull request is over: merged, the repository becomes active (or is removed) and what its head
 * declares is published. One phrase for the log. Throws Outage('git-host') before anything was changed.
 */
export async function settleRegistration(
  deps: GitHubDeps,
  repository: Repository,
  registration: Registration,
  state: 'merged' | 'closed',
  signal: AbortSignal,
): Promise<string> {
  const { id, slug } = repository;
  if (registration.state !== 'open') return 'known already';
  const head =
    state === 'merged' && registration.kind === 'add'
      ? await findDefaultHead(deps, repository, signal)
      : undefined;
  if (!(await deps.registrations.close(id, state))) return 'known already';
  if (state === 'closed') {
    const title = `Pull request #${registration.pullRequest} of ${slug} was closed without being merged`;
    const remedy = 'Nothing changed here. Ask again with /register, or rely on webhooks.';
    const notice = { kind: 'repository-notice', repository: slug, title, remedy } as const;
    await deps.outbox.add(notice, `registration-closed-${id}-${registration.pullRequest}`);
    return 'closed';
  }
  if (registration.kind === 'remove') {
    await deps.links.setStatus(id, 'disabled', registration.requestedBy);
    return 'removed';
  }
  await deps.links.setStatus(id, 'active', registration.requestedBy);
  if (head === undefined) return 'active; nothing to publish yet';
  const active = { ...repository, status: 'active' } as const;
  const verdict = await considerHead(
    deps,
    { repository: active, ...head, requestedBy: 'event' },
    signal,
  ).catch((error: unknown) => {
    // It is active now; catching up finds the head again.
    if (error instanceof Outage) return undefined;
    throw error;
  });
  return verdict?.kind === 'dispatched' ? `active; job #${verdict.job}` : 'active';
}

async function findDefaultHead(deps: GitHubDeps, repository: Repository, signal: AbortSignal) {
  const { defaultBranch, heads } = await deps.source.listHeads(repository.slug, [], signal);
  const commit = defaultBranch === undefined ? undefined : heads.get(defaultBranch);
  return defaultBranch === undefined || commit === undefined ? undefined : { branch: defaultBranch, commit };
}
