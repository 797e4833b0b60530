import type { CommitSha, RepositoryId, Slug } from '../domain/repository.ts';
import type { Tree } from '../domain/tree.ts';

export interface LocateRequest {
  readonly id: RepositoryId;
  readonly slug: Slug;
  readonly commit: CommitSha;
  /** Names or patterns (`release/*`) allowed besides the default branch. */
  readonly branches: readonly string[];
  /** A branch that it was just seen on: what is here counts only if it knows that too. */
  readonly seenOn?: string | undefined;
}

export interface LocatedCommit {
  /** The registered branch it lies on; the default branch wins when it lies on several. */
  readonly branch: string;
  readonly isDefaultBranch: boolean;
  /** Epoch milliseconds of the committer date. */
  readonly committedAtMs: number;
  readonly author: string;
  /** First line of the message, unescaped. */
  readonly subject: string;
}

export interface ResolveRequest extends Omit<LocateRequest, 'commit' | 'seenOn'> {
  /** Branch, tag, or commit (at least its first seven digits), as a person typed it; the default branch's head when undefined. */
  readonly ref: string | undefined;
}

export interface ResolvedCommit extends LocatedCommit {
  readonly commit: CommitSha;
}

export interface FileToStage {
  readonly oid: string;
  /** Relative to the target folder. */
  readonly path: string;
}

/**
 * Commits of a repository, read without a work tree.
 * Every method may throw Outage('git-host') or PublishError (repository-forbidden, repository-unavailable,
 * repository-too-large).
 */
export interface RepositorySource {
  /** Brings the commit here if needed and proves that it lies on an allowed branch; also throws commit-not-found, commit-not-on-branch. */
  locate(request: LocateRequest, signal: AbortSignal): Promise<LocatedCommit>;
  /** What the git host says the ref is now, located; also throws ref-not-found, for anything that is no ref too. */
  resolve(request: ResolveRequest, signal: AbortSignal): Promise<ResolvedCommit>;
  /** Every file of the commit; purely local after `locate`. */
  listTree(id: RepositoryId, commit: CommitSha, signal: AbortSignal): Promise<Tree>;
  /** The nearest ancestor-or-self of `commit` among `judged`, if any. */
  findNearestAncestor(
    id: RepositoryId,
    commit: CommitSha,
    judged: readonly CommitSha[],
    signal: AbortSignal,
  ): Promise<CommitSha | undefined>;
  /** Those of `others` that `commit` builds on, oldest first; itself is none of them. Purely local after `locate`. */
  listAncestors(
    id: RepositoryId,
    commit: CommitSha,
    others: readonly CommitSha[],
    signal: AbortSignal,
  ): Promise<readonly CommitSha[]>;
  /** Those of `others` that build on `commit`; itself is none of them. Purely local after `locate`. */
  listDescendants(
    id: RepositoryId,
    commit: CommitSha,
    others: readonly CommitSha[],
    signal: AbortSignal,
  ): Promise<readonly CommitSha[]>;
  /** Contents of blobs; what is missing is fetched in one request. Blobs above `maxBytesEach` are left out of the map. */
  readBlobs(
    id: RepositoryId,
    slug: Slug,
    oids: readonly string[],
    maxBytesEach: number,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Buffer>>;
  /** Writes regular files into an existing empty folder of ours (mode 0644, folders created); sizes are checked before contents are read. */
  stageFiles(
    id: RepositoryId,
    slug: Slug,
    files: readonly FileToStage[],
    folder: string,
    maxBytesTotal: number,
    signal: AbortSignal,
  ): Promise<void>;
  /** Throws Outage while the git host (probed with this repository) is down or refuses our credentials. */
  probe(slug: Slug, signal: AbortSignal): Promise<void>;
}
