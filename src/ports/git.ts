import type { HistoryCommit } from '../domain/changelog/changelog.ts';
import type { LfsPointer } from '../domain/package/lfs-pointer.ts';
import type { Tree } from '../domain/package/tree.ts';
import type { CommitSha, RepositoryId, Slug } from '../domain/repository/repository.ts';

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

/** What is held of blobs at the most. */
export interface BlobLimits {
  /** A larger blob is left out. */
  readonly maxBytesEach: number;
  /** Of all of them, larger ones counted with the limit of one; more is repository-too-large before any is read. */
  readonly maxBytesTotal: number;
  /** Blobs that are read next: if anything has to be fetched, they come in the same request. They count for no limit. */
  readonly readNext?: readonly string[];
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
  /** Contents of blobs; what is missing is fetched in one request. */
  readBlobs(
    id: RepositoryId,
    slug: Slug,
    oids: readonly string[],
    limits: BlobLimits,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Buffer>>;
  /** The same one after another, each handed to `take` and not held. */
  eachBlob(
    id: RepositoryId,
    slug: Slug,
    oids: readonly string[],
    limits: BlobLimits,
    take: (oid: string, content: Buffer) => void,
    signal: AbortSignal,
  ): Promise<void>;
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

export interface History {
  /** Newest first, children before their parents. */
  readonly commits: readonly HistoryCommit[];
  /** False when older commits were left out because there are too many. */
  readonly isComplete: boolean;
}

/** What happened before a commit, from what is here already: nothing is fetched. */
export interface CommitHistory {
  /**
   * Commits that `head` builds on, itself included, without those that all of `known` build on too. Throws when they
   * cannot be read.
   */
  listCommits(
    id: RepositoryId,
    head: CommitSha,
    known: readonly CommitSha[],
    signal: AbortSignal,
  ): Promise<History>;
  /**
   * The line that a branch went along: first parents only, from `head` back to what `base` builds on too. A merge is
   * listed with what it changed against its first parent. Throws when it cannot be read.
   */
  listLine(id: RepositoryId, head: CommitSha, base: CommitSha, signal: AbortSignal): Promise<History>;
  /** Contents of those blobs that are here already. */
  readKept(
    id: RepositoryId,
    oids: readonly string[],
    limits: BlobLimits,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Buffer>>;
}

export interface RemoteHeads {
  /** Undefined for an empty repository. */
  readonly defaultBranch: string | undefined;
  /** By branch: the default one, and those that were asked for. */
  readonly heads: ReadonlyMap<string, CommitSha>;
}

/** Where branches stand on the git host right now; nothing is fetched. */
export interface RemoteBranches {
  /** `patterns` besides the default branch. Throws like a RepositorySource. */
  listHeads(slug: Slug, patterns: readonly string[], signal: AbortSignal): Promise<RemoteHeads>;
}

/**
 * What a token is for; an App's is narrowed to it. `workflows` also writes below `.github/workflows`; `checks` and
 * `statuses` write nothing else.
 */
export type TokenUse = 'read' | 'write' | 'workflows' | 'checks' | 'statuses';

/** Who we are to the git host, repository by repository. */
export interface GitCredentials {
  /**
   * A token that reaches this repository; undefined when none is configured. Throws Outage('git-host') while none can
   * be had, PublishError repository-forbidden when the App is not installed there.
   */
  tokenFor(slug: Slug, use: TokenUse, signal: AbortSignal): Promise<string | undefined>;
  /** The last token was refused. True when the next one will be another one. */
  renew(slug: Slug): boolean;
  /**
   * When they end (epoch milliseconds), undefined when they do not or nobody says. Throws Outage('git-host') while the git
   * host is down or refuses our credentials; without any it does nothing.
   */
  probe(signal: AbortSignal): Promise<number | undefined>;
}

export interface PointerFile extends LfsPointer {
  /** Relative to the folder; a file of ours that holds the pointer. */
  readonly path: string;
}

export interface MissingObject {
  readonly path: string;
  /** One phrase: "the git host does not have it". */
  readonly why: string;
}

/** Contents that the git host keeps apart from the repository (Git LFS). */
export interface LfsObjects {
  /**
   * Puts the contents in place of the pointers; those that cannot be had are left alone and returned. Nothing is put
   * in place that is not what its pointer says. Throws Outage('git-host'), PublishError tarball-too-large (before anything is
   * asked for, when they are larger than `maxBytes` together), or what the disk says.
   */
  fetch(
    slug: Slug,
    files: readonly PointerFile[],
    folder: string,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<readonly MissingObject[]>;
}
