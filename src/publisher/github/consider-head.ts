import { PublishError } from '../../domain/failure.ts';
import type { CommitSha, Repository } from '../../domain/repository.ts';
import type { LocatedCommit } from '../../ports/repository-source.ts';
import { findCandidates } from '../candidates.ts';
import type { GitHubDeps } from './deps.ts';

/** A commit that a branch was seen at. */
export interface Head {
  readonly repository: Repository;
  readonly branch: string;
  readonly commit: CommitSha;
  readonly message?: string;
  readonly author?: string;
  /** `event`, `catch-up`, or a person. */
  readonly requestedBy: string;
}

export type HeadVerdict =
  | { readonly kind: 'dispatched'; readonly job: number; readonly duplicate: boolean }
  /** No manifest differs from what was judged last. */
  | { readonly kind: 'unchanged' }
  /** It is not on a branch that publishes, or not any more. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'refused'; readonly detail: string };

/** How many judged commits of a branch are looked through. */
const judgedLimit = 200;

/**
 * Makes a dispatch of a head if that could publish something; git decides, not what an event says.
 * Throws Outage('git-host').
 */
export async function considerHead(deps: GitHubDeps, head: Head, signal: AbortSignal): Promise<HeadVerdict> {
  const { repository, branch, commit } = head;
  const found = await findChange(deps, head, signal);
  if (found === 'gone') return { kind: 'gone' };
  if (found === 'unchanged') {
    await deps.links.saveSeenHead(repository.id, branch, commit);
    return { kind: 'unchanged' };
  }
  const result = await deps.accept({
    repository: repository.slug,
    commit,
    packagePath: '',
    branch,
    commitMessage: head.message,
    commitAuthor: head.author,
    requestedBy: head.requestedBy,
  });
  if (result.kind === 'refused') return { kind: 'refused', detail: result.detail };
  await deps.links.saveSeenHead(repository.id, branch, commit);
  const { job, duplicate } = result.acceptance;
  return { kind: 'dispatched', job, duplicate };
}

async function findChange(
  deps: GitHubDeps,
  { repository, commit }: Head,
  signal: AbortSignal,
): Promise<'changed' | 'unchanged' | 'gone'> {
  const { id, slug, branches } = repository;
  try {
    const located = await deps.source.locate({ id, slug, commit, branches }, signal);
    return (await isChanged(deps, repository, located, commit, signal)) ? 'changed' : 'unchanged';
  } catch (error) {
    if (!(error instanceof PublishError)) throw error;
    const { reason } = error.failure;
    // Whatever else is wrong with the repository: its job says so, and how to mend it.
    return reason === 'commit-not-found' || reason === 'commit-not-on-branch' ? 'gone' : 'changed';
  }
}

async function isChanged(
  deps: GitHubDeps,
  { id }: Repository,
  { branch }: LocatedCommit,
  commit: CommitSha,
  signal: AbortSignal,
): Promise<boolean> {
  const judged = await deps.judged.listJudged(id, branch, judgedLimit);
  if (judged.length === 0) return true;
  const base = await deps.source.findNearestAncestor(id, commit, judged, signal);
  if (base === commit) return false;
  if (base === undefined) return true;
  // What failed is judged again when any of its files changed: the job finds out.
  if ((await deps.jobLog.listOpenPackages({ repositoryId: id }, branch)).length > 0) return true;
  const before = await listManifests(deps, id, base, signal);
  const after = await listManifests(deps, id, commit, signal);
  return [...after].some(([path, oid]) => before.get(path) !== oid);
}

async function listManifests(
  deps: GitHubDeps,
  id: Repository['id'],
  commit: CommitSha,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const tree = await deps.source.listTree(id, commit, signal);
  return new Map(findCandidates(tree).map((candidate) => [candidate.path, candidate.oid]));
}
