import { createHash } from 'node:crypto';
import { PublishError } from '../../domain/failure/failure.ts';
import type { TreeEntry } from '../../domain/package/tree.ts';
import type { CommitSha, RepositoryId, Slug } from '../../domain/repository/repository.ts';
import type { Outbox } from '../../ports/announcements.ts';
import type { AuditLog } from '../../ports/audit.ts';
import type { CommitHistory, RepositorySource } from '../../ports/git.ts';
import type { FileToCommit, OwnBranch, OwnBranches, RepositoryWriter } from '../../ports/github.ts';

export interface OwnBranchDeps {
  readonly source: Pick<RepositorySource, 'locate' | 'listTree'> & Pick<CommitHistory, 'listCommits'>;
  readonly writer: Pick<RepositoryWriter, 'findHead' | 'setBranch' | 'commitFiles'>;
  readonly ownBranches: OwnBranches;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly outbox: Pick<Outbox, 'add'>;
}

export interface OwnBranchPlace {
  readonly repositoryId: RepositoryId;
  readonly slug: Slug;
  readonly branch: string;
}

export interface OwnCommitRequest extends OwnBranchPlace {
  /** Commit at which the branch begins when it is created or created anew. */
  readonly base: CommitSha;
  /** Moves a branch that holds earlier work of ours back to `base`; only while no pull request of it is open. */
  readonly restart: boolean;
  /** Returns the files that are still missing on top of `tip`, which is `base` or a commit of ours. */
  readonly filesOn: (tip: CommitSha) => Promise<readonly FileToCommit[]>;
  readonly headline: string;
  readonly body: string;
}

export type OwnCommitResult =
  /** The branch ends at `commit`, and everything in it since `base` is ours. */
  | { readonly kind: 'written'; readonly commit: CommitSha }
  /**
   * The branch holds a commit that we did not write, and is left alone; `detail` says in sentences what is there and
   * what to do.
   */
  | { readonly kind: 'foreign'; readonly detail: string }
  /** The git host rejects the commit; `detail` gives its words. */
  | { readonly kind: 'refused'; readonly detail: string };

const movesAllowed = 5;

/**
 * Commits to a branch that only we write to. Everybody with push access can push there too, so a branch is used only
 * while it ends where we left it. A commit that was made just before a crash is recognised by its parent and its
 * files. Throws what a RepositoryWriter and a RepositorySource throw.
 */
export async function commitToOwnBranch(
  deps: OwnBranchDeps,
  request: OwnCommitRequest,
  signal: AbortSignal,
): Promise<OwnCommitResult> {
  for (let moves = 0; moves < movesAllowed; moves++) {
    const tip = await findTip(deps, request, signal);
    if (typeof tip !== 'string') return tip;
    const result = await commitOn(deps, request, tip, signal);
    if (result !== 'moved') return result;
  }
  return { kind: 'refused', detail: `the branch ${request.branch} moved each time` };
}

async function commitOn(
  deps: OwnBranchDeps,
  request: OwnCommitRequest,
  tip: CommitSha,
  signal: AbortSignal,
): Promise<OwnCommitResult | 'moved'> {
  const { repositoryId, slug, branch, headline, body } = request;
  const files = await request.filesOn(tip);
  if (files.length === 0) return { kind: 'written', commit: tip };
  const change = { slug, branch, expectedHead: tip, files, headline, body };
  const result = await deps.writer.commitFiles(change, signal);
  if (result.kind === 'moved') return 'moved';
  if (result.kind !== 'committed') return { kind: 'refused', detail: result.detail };
  await deps.ownBranches.wrote(repositoryId, branch, result.commit);
  return { kind: 'written', commit: result.commit };
}

/** Checks whether the branch still ends at this commit of ours. If not, people are notified. */
export async function checkOwnBranch(
  deps: OwnBranchDeps,
  place: OwnBranchPlace,
  commit: CommitSha,
  signal: AbortSignal,
): Promise<OwnCommitResult> {
  const head = await deps.writer.findHead(place.slug, place.branch, signal);
  if (head === undefined || head === commit) return { kind: 'written', commit };
  return reportForeign(deps, place, head);
}

/** Returns the commit to write on, after creating or moving the branch if that is needed. */
async function findTip(
  deps: OwnBranchDeps,
  request: OwnCommitRequest,
  signal: AbortSignal,
): Promise<CommitSha | OwnCommitResult> {
  const { repositoryId, slug, branch, base, restart } = request;
  const known = await deps.ownBranches.find(repositoryId, branch);
  const head = await deps.writer.findHead(slug, branch, signal);
  if (head !== undefined && head !== base) {
    if (!(await isOurs(deps, request, known, head, signal))) return reportForeign(deps, request, head);
    const isCurrent = known?.base === base && (await request.filesOn(head)).length === 0;
    if (!restart || isCurrent) return head;
  }
  await deps.ownBranches.begin(repositoryId, branch, base);
  if (head !== base) await deps.writer.setBranch(slug, branch, base, head !== undefined, signal);
  return base;
}

async function isOurs(
  deps: OwnBranchDeps,
  request: OwnCommitRequest,
  known: OwnBranch | undefined,
  head: CommitSha,
  signal: AbortSignal,
): Promise<boolean> {
  if (known === undefined) return false;
  if (head === known.base || head === known.commit) return true;
  for (const parent of [known.base, known.commit]) {
    if (parent === undefined || !(await isUnrecorded(deps, request, parent, head, signal))) continue;
    await deps.ownBranches.wrote(request.repositoryId, request.branch, head);
    return true;
  }
  return false;
}

/** Whether `head` is the one commit that we would have made on `parent`, with nothing else in it. */
async function isUnrecorded(
  deps: OwnBranchDeps,
  request: OwnCommitRequest,
  parent: CommitSha,
  head: CommitSha,
  signal: AbortSignal,
): Promise<boolean> {
  const { repositoryId: id, slug, branch } = request;
  try {
    await deps.source.locate({ id, slug, commit: head, branches: [branch], seenOn: branch }, signal);
    const { commits } = await deps.source.listCommits(id, head, [parent], signal);
    const [commit] = commits;
    if (commits.length !== 1 || commit?.parents.length !== 1 || commit.parents[0] !== parent) return false;
    const expected = await expectTree(deps, request, parent, signal);
    const found = await deps.source.listTree(id, head, signal);
    return (
      found.length === expected.size && found.every((entry) => expected.get(entry.path) === nameOf(entry))
    );
  } catch (error) {
    if (!(error instanceof PublishError)) throw error;
    return false;
  }
}

async function expectTree(
  deps: OwnBranchDeps,
  request: OwnCommitRequest,
  parent: CommitSha,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const tree = await deps.source.listTree(request.repositoryId, parent, signal);
  const modes = new Map(tree.map(({ path, mode }) => [path, mode]));
  const expected = new Map(tree.map((entry) => [entry.path, nameOf(entry)]));
  for (const { path, content } of await request.filesOn(parent)) {
    if (content === undefined) expected.delete(path);
    else expected.set(path, nameOf({ mode: modes.get(path) ?? '100644', oid: blobIdOf(content) }));
  }
  return expected;
}

function nameOf({ mode, oid }: Pick<TreeEntry, 'mode' | 'oid'>): string {
  return `${mode} ${oid}`;
}

/** Returns git's object id of a file's content. */
function blobIdOf(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.byteLength}\0`).update(content).digest('hex');
}

/** Announces a foreign commit in the thread and audits it, once for each head. */
async function reportForeign(
  deps: OwnBranchDeps,
  { repositoryId, slug, branch }: OwnBranchPlace,
  head: CommitSha,
): Promise<OwnCommitResult> {
  const title = `The branch ${branch} of ${slug} holds a commit that the publisher did not write (${head.slice(0, 7)})`;
  const remedy =
    'Nothing was added to it and nothing of it was merged. Look at that commit, close its pull request if there is one, delete the branch on GitHub, then ask again.';
  const known = await deps.ownBranches.find(repositoryId, branch);
  if (known?.foreign !== head) {
    const notice = { kind: 'repository-notice', repository: slug, title, remedy } as const;
    await deps.outbox.add(notice, `foreign-branch-${repositoryId}-${branch}-${head}`);
    const facts = { branch, head };
    await deps.audit.append({ action: 'foreign-branch', actor: 'publisher', subject: slug, facts });
    await deps.ownBranches.noteForeign(repositoryId, branch, head);
  }
  return { kind: 'foreign', detail: `${title}. ${remedy}` };
}
