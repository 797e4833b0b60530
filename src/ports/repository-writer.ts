import type { CommitSha, Slug } from '../domain/repository.ts';

export interface FileToCommit {
  /** In the repository, with forward slashes. */
  readonly path: string;
  /** Undefined removes the file. */
  readonly content: Uint8Array | undefined;
}

export interface CommitFilesRequest {
  readonly slug: Slug;
  readonly branch: string;
  /** The branch must still end here. */
  readonly expectedHead: CommitSha;
  readonly files: readonly FileToCommit[];
  /** First line, and a body or ''. */
  readonly headline: string;
  readonly body: string;
}

export type CommitFilesResult =
  | { readonly kind: 'committed'; readonly commit: CommitSha }
  /** Somebody else was faster: read again and rebuild. */
  | { readonly kind: 'moved' }
  /** The branch does not take direct commits; `detail` in plain words. */
  | { readonly kind: 'protected'; readonly detail: string }
  /** Never in this form (no write access, branch gone); a person must change something. */
  | { readonly kind: 'refused'; readonly detail: string };

export interface PullRequest {
  readonly number: number;
  readonly url: string;
  readonly state: 'open' | 'merged' | 'closed';
}

export interface PullRequestRequest {
  readonly slug: Slug;
  /** The branch to merge into. */
  readonly base: string;
  /** Our branch; there is at most one open pull request of it. */
  readonly head: string;
  readonly title: string;
  readonly body: string;
}

/**
 * Writes to repositories through the git host's API. Every method throws Outage('git-host') while that is down, rate
 * limited or refuses our credentials, and PublishError (repository-forbidden, repository-unavailable) when this
 * repository cannot be read, or does not take what is asked.
 */
export interface RepositoryWriter {
  /** Undefined when there is no such branch. */
  findHead(slug: Slug, branch: string, signal: AbortSignal): Promise<CommitSha | undefined>;
  /** One verified commit of several files, only on top of `expectedHead`. */
  commitFiles(request: CommitFilesRequest, signal: AbortSignal): Promise<CommitFilesResult>;
  /** Makes the branch at this commit, or moves it there: forward, or anywhere when `force`. */
  setBranch(
    slug: Slug,
    branch: string,
    commit: CommitSha,
    force: boolean,
    signal: AbortSignal,
  ): Promise<void>;
  /** Finds the open pull request of `head`, or opens one; title and body are brought up to date. */
  openPullRequest(request: PullRequestRequest, signal: AbortSignal): Promise<PullRequest>;
  findPullRequest(slug: Slug, number: number, signal: AbortSignal): Promise<PullRequest | undefined>;
}
