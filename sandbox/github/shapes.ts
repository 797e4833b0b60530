import { type CommitShown, canMerge, defaultBranchOf, readCommit, tipOf } from './bare.ts';
import type { RouteContext } from './rest/route.ts';
import { type DeliveryState, ownerOf, type PullState, type RepositoryState } from './state.ts';

/** Answers and payloads as GitHub shapes them, with only what clients read. */

type Shown = Readonly<Record<string, unknown>>;

export function showRepository(context: RouteContext, repository: RepositoryState): Shown {
  const { id, slug, isArchived } = repository;
  const owner = ownerOf(slug);
  return {
    id,
    node_id: `R_${id}`,
    name: slug.slice(owner.length + 1),
    full_name: slug,
    private: true,
    owner: { login: owner, id: repository.ownerId, node_id: `O_${repository.ownerId}`, type: 'Organization' },
    html_url: `${context.serverUrl}/${slug}`,
    url: `${context.apiUrl}/repos/${slug}`,
    clone_url: `${context.serverUrl}/${slug}.git`,
    default_branch: defaultBranchOf(repository.bare),
    archived: isArchived,
    disabled: false,
    fork: false,
    permissions: { admin: false, maintain: false, push: !isArchived, triage: false, pull: true },
  };
}

export function showPull(context: RouteContext, repository: RepositoryState, pull: PullState): Shown {
  const side = (branch: string, sha: string) => ({
    label: `${ownerOf(repository.slug)}:${branch}`,
    ref: branch,
    sha,
    repo: showRepository(context, repository),
  });
  const headSha = pull.closedAt ?? tipOf(repository.bare, pull.head) ?? '';
  return {
    id: repository.id * 1000 + pull.number,
    node_id: pull.nodeId,
    number: pull.number,
    state: pull.state,
    title: pull.title,
    body: pull.body === '' ? null : pull.body,
    merged: pull.mergedAs !== undefined,
    merged_at: pull.mergedAs === undefined ? null : new Date(context.state.now()).toISOString(),
    merge_commit_sha: pull.mergedAs ?? null,
    mergeable_state: mergeStateOf(repository, pull),
    draft: false,
    html_url: `${context.serverUrl}/${repository.slug}/pull/${pull.number}`,
    url: `${context.apiUrl}/repos/${repository.slug}/pulls/${pull.number}`,
    head: side(pull.head, headSha),
    base: side(pull.base, tipOf(repository.bare, pull.base) ?? ''),
    user: { login: 'upm-auto-publisher[bot]', id: 41, type: 'Bot' },
  };
}

export function showCommit(context: RouteContext, repository: RepositoryState, commit: CommitShown): Shown {
  const who = { name: commit.author, email: commit.email, date: commit.date };
  const base = `${context.apiUrl}/repos/${repository.slug}/git`;
  return {
    sha: commit.sha,
    node_id: `C_${commit.sha}`,
    url: `${base}/commits/${commit.sha}`,
    html_url: `${context.serverUrl}/${repository.slug}/commit/${commit.sha}`,
    author: who,
    committer: who,
    message: commit.message,
    tree: { sha: commit.tree, url: `${base}/trees/${commit.tree}` },
    parents: commit.parents.map((sha) => ({ sha, url: `${base}/commits/${sha}` })),
    verification: { verified: true, reason: 'valid', signature: null, payload: null, verified_at: null },
  };
}

export function showRef(
  context: RouteContext,
  repository: RepositoryState,
  branch: string,
  sha: string,
): Shown {
  const base = `${context.apiUrl}/repos/${repository.slug}/git`;
  return {
    ref: `refs/heads/${branch}`,
    node_id: `REF_${branch}`,
    url: `${base}/refs/heads/${branch}`,
    object: { type: 'commit', sha, url: `${base}/commits/${sha}` },
  };
}

export function showDelivery(delivery: DeliveryState): Shown {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: new Date(delivery.deliveredAtMs).toISOString(),
    redelivery: delivery.isRedelivery,
    duration: 0.05,
    status: delivery.statusCode === 0 ? 'failed to connect to host' : describeStatus(delivery.statusCode),
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: null,
    repository_id: null,
    throttled_at: null,
  };
}

function describeStatus(status: number): string {
  return status < 400 ? 'OK' : `Invalid HTTP Response: ${status}`;
}

/** Shapes the payload of a push webhook. */
export function showPush(
  context: RouteContext,
  repository: RepositoryState,
  push: { readonly ref: string; readonly before: string; readonly after: string },
): Shown {
  const none = '0'.repeat(40);
  const head = push.after === none ? undefined : readCommit(repository.bare, push.after);
  const who = head === undefined ? null : { name: head.author, email: head.email, username: 'ada' };
  const commit =
    head === undefined
      ? null
      : { id: head.sha, tree_id: head.tree, message: head.message, author: who, committer: who, added: [] };
  return {
    ...push,
    base_ref: null,
    created: push.before === none,
    deleted: push.after === none,
    forced: false,
    compare: `${context.serverUrl}/${repository.slug}/compare`,
    commits: commit === null ? [] : [commit],
    head_commit: commit,
    pusher: { name: 'ada', email: 'ada@studio.test' },
    repository: showRepository(context, repository),
    sender: { login: 'ada', id: 7, type: 'User' },
  };
}

/**
 * Returns `clean` when it can be merged now, `blocked` when it waits for checks or reviews, `dirty` when it conflicts,
 * and `unknown` once it is closed.
 */
export function mergeStateOf(
  repository: RepositoryState,
  pull: PullState,
): 'clean' | 'blocked' | 'dirty' | 'unknown' {
  if (pull.state !== 'open') return 'unknown';
  if (!canMerge(repository.bare, pull.base, pull.head)) return 'dirty';
  return repository.protections.get(pull.base)?.checksPending === true ? 'blocked' : 'clean';
}
