import { isOwnCommit } from '../../domain/changelog/changelog.ts';
import { PublishError, renderFailure } from '../../domain/failure/failure.ts';
import type { CommitSha, Repository } from '../../domain/repository/repository.ts';
import type { LocatedCommit } from '../../ports/git.ts';
import { findCandidatesInSlices } from '../commit/candidates.ts';
import { breathe } from '../pacing/breathe.ts';
import type { GitHubDeps } from './deps.ts';
import { dispatchMissed, type Head } from './missed-pushes.ts';

export type HeadVerdict =
  | {
      readonly kind: 'dispatched';
      readonly job: number;
      readonly duplicate: boolean;
      /** Jobs of earlier pushes that no event announced, in order; they run before this one. */
      readonly missed: readonly number[];
    }
  /** No manifest differs from what was judged last. */
  | { readonly kind: 'unchanged' }
  /** The commit is not on a branch that publishes, or not any more. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'refused'; readonly detail: string };

/** How many judged commits of a branch are searched. */
const judgedLimit = 200;

/**
 * Makes a dispatch of a head if that could publish something, after dispatches for the versions that were pushed
 * before it without an event. Git decides, and not what an event says. Throws Outage('git-host').
 */
export async function considerHead(deps: GitHubDeps, head: Head, signal: AbortSignal): Promise<HeadVerdict> {
  const { repository, branch, commit } = head;
  const look = { repository, commit, place: branch, kind: 'push' } as const;
  try {
    return await deps.looks.take(look, async () => lookAtHead(deps, head, signal), signal);
  } catch (error) {
    if (!(error instanceof PublishError) || error.failure.reason !== 'head-left-alone') throw error;
    return { kind: 'refused', detail: renderFailure(error.failure).title };
  }
}

async function lookAtHead(deps: GitHubDeps, head: Head, signal: AbortSignal): Promise<HeadVerdict> {
  const { repository, branch, commit } = head;
  const change = await findChange(deps, head, signal);
  if (change.kind === 'gone') return { kind: 'gone' };
  if (change.kind !== 'changed') {
    await deps.links.saveSeenHead(repository.id, branch, commit);
    return { kind: 'unchanged' };
  }
  const { judgedOn } = change;
  const missed = judgedOn === undefined ? [] : await dispatchMissed(deps, head, judgedOn, signal);
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
  return { kind: 'dispatched', job, duplicate, missed };
}

type Change =
  | { readonly kind: 'gone' | 'unchanged' }
  /** `judgedOn`: the branch that the commit counts for; undefined when the repository cannot be read. */
  | { readonly kind: 'changed'; readonly judgedOn: string | undefined };

async function findChange(deps: GitHubDeps, head: Head, signal: AbortSignal): Promise<Change> {
  const { repository, branch, commit } = head;
  const { id, slug, branches } = repository;
  try {
    const located = await deps.source.locate({ id, slug, commit, branches, seenOn: branch }, signal);
    if (!(await isChanged(deps, head, located, signal))) return { kind: 'unchanged' };
    return { kind: 'changed', judgedOn: located.branch };
  } catch (error) {
    if (!(error instanceof PublishError)) throw error;
    const { reason } = error.failure;
    // Anything else that is wrong with the repository is reported by its job, with the remedy.
    const isGone = reason === 'commit-not-found' || reason === 'commit-not-on-branch';
    return isGone ? { kind: 'gone' } : { kind: 'changed', judgedOn: undefined };
  }
}

async function isChanged(
  deps: GitHubDeps,
  { repository: { id }, branch, commit }: Head,
  located: LocatedCommit,
  signal: AbortSignal,
): Promise<boolean> {
  const isOwn = isOwnCommit(located);
  const judged = await deps.judged.listJudged(id, located.branch, judgedLimit);
  // Our own commit is on top of a head that was seen before and has its own dispatch, judged yet or not.
  const seen = isOwn ? await deps.links.findSeenHead(id, branch) : undefined;
  const known = seen === undefined ? judged : [seen, ...judged];
  if (known.length === 0) return true;
  const base = await deps.source.findNearestAncestor(id, commit, known, signal);
  if (base === commit) return false;
  if (base === undefined) return true;
  // A failed package is judged again when any of its files changed, which the job finds out. A commit of ours fixes
  // nothing.
  if (!isOwn && (await deps.jobLog.listOpenPackages({ repositoryId: id }, located.branch)).length > 0)
    return true;
  const before = await listManifests(deps, id, base, signal);
  const after = await listManifests(deps, id, commit, signal);
  return differs(before, after);
}

async function listManifests(
  deps: GitHubDeps,
  id: Repository['id'],
  commit: CommitSha,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const tree = await deps.source.listTree(id, commit, signal);
  return new Map((await findCandidatesInSlices(tree)).map((candidate) => [candidate.path, candidate.oid]));
}

const comparedInSlice = 5_000;

/** Whether something in `after` is new or has other contents. */
async function differs(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Promise<boolean> {
  let compared = 0;
  for (const [path, oid] of after) {
    if (before.get(path) !== oid) return true;
    compared += 1;
    if (compared % comparedInSlice === 0) await breathe();
  }
  return false;
}
