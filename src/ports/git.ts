import type { HistoryCommit } from '../domain/changelog/changelog.ts';
import type { LfsPointer } from '../domain/package/lfs-pointer.ts';
import type { Tree } from '../domain/package/tree.ts';
import type { CommitSha, RepositoryId, Slug } from '../domain/repository/repository.ts';

export interface LocateRequest {
  readonly id: RepositoryId;
  readonly slug: Slug;
  readonly commit: CommitSha;
  /** Names or patterns (`release/*`) of branches that are allowed besides the default branch. */
  readonly branches: readonly string[];
  /**
   * A branch on which the commit was just seen. If the local copy shows the commit neither there nor on the default
   * branch, it is updated first.
   */
  readonly seenOn?: string | undefined;
}

export interface LocatedCommit {
  /** The registered branch that contains the commit; the default branch is preferred if several do. */
  readonly branch: string;
  readonly isDefaultBranch: boolean;
  /** Epoch milliseconds of the committer date. */
  readonly committedAtMs: number;
  readonly author: string;
  /** First line of the message, unescaped. */
  readonly subject: string;
}

export interface ResolveRequest extends Omit<LocateRequest, 'commit' | 'seenOn'> {
  /**
   * Branch, tag or commit (at least its first seven digits) as a person typed it; undefined for the head of the default
   * branch.
   */
  readonly ref: string | undefined;
}

export interface ResolvedCommit extends LocatedCommit {
  readonly commit: CommitSha;
}

export interface FileToStage {
  readonly oid: string;
  /** Path relative to the target folder. */
  readonly path: string;
}

/** Limits for the blobs that are held in memory. */
export interface BlobLimits {
  /** A blob larger than this is left out. */
  readonly maxBytesEach: number;
  /**
   * Limit for all blobs together; a blob above `maxBytesEach` counts as that size. If the sum is larger,
   * repository-too-large is thrown before any blob is read.
   */
  readonly maxBytesTotal: number;
  /**
   * Blobs that the caller will read next. If anything has to be fetched, they are fetched in the same request. They
   * count towards no limit.
   */
  readonly readNext?: readonly string[];
}

/**
 * Commits of a repository, read without a work tree. Every method may throw Outage('git-host') or PublishError
 * (repository-forbidden, repository-unavailable, repository-too-large).
 */
export interface RepositorySource {
  /**
   * Fetches the commit if needed and checks that it lies on an allowed branch. Also throws commit-not-found and
   * commit-not-on-branch.
   */
  locate(request: LocateRequest, signal: AbortSignal): Promise<LocatedCommit>;
  /**
   * Locates the commit that the ref points to on the git host now. Also throws ref-not-found, including for a text that
   * cannot be a ref.
   */
  resolve(request: ResolveRequest, signal: AbortSignal): Promise<ResolvedCommit>;
  /** Lists every file of the commit; needs no network after `locate`. */
  listTree(id: RepositoryId, commit: CommitSha, signal: AbortSignal): Promise<Tree>;
  /** Returns the commit of `judged` that is nearest among `commit` and its ancestors; undefined if there is none. */
  findNearestAncestor(
    id: RepositoryId,
    commit: CommitSha,
    judged: readonly CommitSha[],
    signal: AbortSignal,
  ): Promise<CommitSha | undefined>;
  /**
   * Returns those of `others` that are ancestors of `commit`, oldest first and without `commit` itself. Needs no
   * network after `locate`.
   */
  listAncestors(
    id: RepositoryId,
    commit: CommitSha,
    others: readonly CommitSha[],
    signal: AbortSignal,
  ): Promise<readonly CommitSha[]>;
  /**
   * Returns those of `others` that are descendants of `commit`, without `commit` itself. Needs no network after
   * `locate`.
   */
  listDescendants(
    id: RepositoryId,
    commit: CommitSha,
    others: readonly CommitSha[],
    signal: AbortSignal,
  ): Promise<readonly CommitSha[]>;
  /** Returns the contents of blobs; missing ones are fetched in one request. */
  readBlobs(
    id: RepositoryId,
    slug: Slug,
    oids: readonly string[],
    limits: BlobLimits,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Buffer>>;
  /** Like `readBlobs`, but passes the contents to `take` one after another and holds none of them. */
  eachBlob(
    id: RepositoryId,
    slug: Slug,
    oids: readonly string[],
    limits: BlobLimits,
    take: (oid: string, content: Buffer) => void,
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * Writes regular files into an existing empty folder of ours (mode 0644, with the folders they need). Checks the
   * sizes before it reads any content.
   */
  stageFiles(
    id: RepositoryId,
    slug: Slug,
    files: readonly FileToStage[],
    folder: string,
    maxBytesTotal: number,
    signal: AbortSignal,
  ): Promise<void>;
  /** Throws Outage while the git host is down or refuses our credentials; this repository is used for the probe. */
  probe(slug: Slug, signal: AbortSignal): Promise<void>;
}

export interface History {
  /** Newest first, with children before their parents. */
  readonly commits: readonly HistoryCommit[];
  /** False if older commits were left out because there are too many. */
  readonly isComplete: boolean;
}

/** History before a commit, from what is stored locally: nothing is fetched. */
export interface CommitHistory {
  /**
   * Returns the commits in the history of `head`, itself included, that are not in the history of every commit of
   * `known`. Throws if they cannot be read.
   */
  listCommits(
    id: RepositoryId,
    head: CommitSha,
    known: readonly CommitSha[],
    signal: AbortSignal,
  ): Promise<History>;
  /**
   * Returns the commits of the branch along first parents, starting at `head`, that are not in the history of `base`. A
   * merge is listed with its changes against its first parent. Throws if the commits cannot be read.
   */
  listLine(id: RepositoryId, head: CommitSha, base: CommitSha, signal: AbortSignal): Promise<History>;
  /** Returns the contents of those blobs that are stored locally. */
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
  /** The heads by branch, for the default branch and those that were asked for. */
  readonly heads: ReadonlyMap<string, CommitSha>;
}

/** Where branches are on the git host right now; nothing is fetched. */
export interface RemoteBranches {
  /** Lists the default branch and the branches that match `patterns`. Throws like RepositorySource. */
  listHeads(slug: Slug, patterns: readonly string[], signal: AbortSignal): Promise<RemoteHeads>;
}

/**
 * What a token is used for; the token of an App is limited to that use. `workflows` includes `write` and also allows
 * writing below `.github/workflows`; `checks` and `statuses` allow writing nothing else.
 */
export type TokenUse = 'read' | 'write' | 'workflows' | 'checks' | 'statuses';

/** Our credentials for the git host, by repository. */
export interface GitCredentials {
  /**
   * Returns a token with access to this repository; undefined if none is configured. Throws Outage('git-host') while no
   * token can be obtained, and PublishError repository-forbidden if the App is not installed in the repository.
   */
  tokenFor(slug: Slug, use: TokenUse, signal: AbortSignal): Promise<string | undefined>;
  /** Called when the last token was refused. Returns true if the next token will be a different one. */
  renew(slug: Slug): boolean;
  /**
   * Returns when our credentials expire (epoch milliseconds); undefined if they do not, or if that is unknown. Throws
   * Outage('git-host') while the git host is down or refuses our credentials. Does nothing without credentials.
   */
  probe(signal: AbortSignal): Promise<number | undefined>;
}

export interface PointerFile extends LfsPointer {
  /** Path, relative to the folder, of a file of ours that contains the pointer. */
  readonly path: string;
}

export interface MissingObject {
  readonly path: string;
  /** A phrase such as "the git host does not have it". */
  readonly why: string;
}

/** Contents that the git host stores outside the repository (Git LFS). */
export interface LfsObjects {
  /**
   * Replaces the pointers by their contents; returns the pointers whose contents cannot be obtained and leaves their
   * files as they are. Content that does not match its pointer is never written. Throws Outage('git-host'),
   * PublishError tarball-too-large if the contents together exceed `maxBytes` (before anything is requested), or the
   * error of the disk.
   */
  fetch(
    slug: Slug,
    files: readonly PointerFile[],
    folder: string,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<readonly MissingObject[]>;
}
