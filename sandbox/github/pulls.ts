import { ApiError, validationFailed } from './api-error.ts';
import { isAncestor, mergeInto, setPullHead, tipOf } from './bare.ts';
import type { RouteContext } from './rest/route.ts';
import { mergeStateOf, showPull, showPush, showRepository } from './shapes.ts';
import type { PullState, RepositoryState } from './state.ts';

export interface NewPull {
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
}

/** Opens a pull request. Throws as GitHub does for one that is impossible. */
export function openPull(context: RouteContext, repository: RepositoryState, wanted: NewPull): PullState {
  const head = wanted.head.includes(':') ? wanted.head.slice(wanted.head.indexOf(':') + 1) : wanted.head;
  for (const field of ['head', 'base'] as const) {
    const branch = field === 'head' ? head : wanted.base;
    if (tipOf(repository.bare, branch) === undefined)
      throw validationFailed([{ resource: 'PullRequest', field, code: 'invalid' }]);
  }
  if (
    repository.pulls.some((pull) => pull.state === 'open' && pull.head === head && pull.base === wanted.base)
  ) {
    const message = `A pull request already exists for ${repository.slug.split('/')[0]}:${head}.`;
    throw validationFailed([{ resource: 'PullRequest', code: 'custom', message }]);
  }
  if (
    isAncestor(repository.bare, tipOf(repository.bare, head) ?? '', tipOf(repository.bare, wanted.base) ?? '')
  ) {
    const message = `No commits between ${wanted.base} and ${head}`;
    throw validationFailed([{ resource: 'PullRequest', code: 'custom', message }]);
  }
  const number = repository.pulls.length + 1;
  const pull: PullState = {
    number,
    nodeId: `PR_${repository.id}_${number}`,
    head,
    base: wanted.base,
    title: wanted.title,
    body: wanted.body,
    state: 'open',
    mergedAs: undefined,
    closedAt: undefined,
  };
  repository.pulls.push(pull);
  setPullHead(repository.bare, number, tipOf(repository.bare, head) ?? '');
  announce(context, repository, pull, 'opened');
  return pull;
}

/**
 * Merges a pull request and returns the merge commit. Throws 405 when the branch does not accept it yet, or when the
 * two conflict.
 */
export function mergePull(context: RouteContext, repository: RepositoryState, pull: PullState): string {
  if (pull.state !== 'open') throw new ApiError(405, 'Pull Request is not mergeable');
  if (mergeStateOf(repository, pull) === 'blocked')
    throw new ApiError(405, 'Required status check "build" is expected.');
  const head = tipOf(repository.bare, pull.head) ?? '';
  const before = tipOf(repository.bare, pull.base) ?? '';
  const message = `Merge pull request #${pull.number} from ${pull.head}`;
  const merged = mergeInto(repository.bare, pull.base, head, message);
  if (merged === undefined) throw new ApiError(405, 'Pull Request is not mergeable');
  pull.mergedAs = merged;
  pull.closedAt = head;
  pull.state = 'closed';
  announce(context, repository, pull, 'closed');
  const push = { ref: `refs/heads/${pull.base}`, before, after: merged };
  context.emit('push', showPush(context, repository, push));
  return merged;
}

export function closePull(context: RouteContext, repository: RepositoryState, pull: PullState): void {
  pull.closedAt = tipOf(repository.bare, pull.head);
  pull.state = 'closed';
  announce(context, repository, pull, 'closed');
}

function announce(context: RouteContext, repository: RepositoryState, pull: PullState, action: string): void {
  context.emit('pull_request', {
    action,
    number: pull.number,
    pull_request: showPull(context, repository, pull),
    repository: showRepository(context, repository),
    sender: { login: 'ada', id: 7, type: 'User' },
  });
}
