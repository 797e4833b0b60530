import type { CommitCheck } from '../domain/repository/commit-check.ts';
import type { GitHubEvent } from '../domain/repository/github-event.ts';
import type { CommitSha, RepositoryId, Slug } from '../domain/repository/repository.ts';

export interface FileToCommit {
  /** Path in the repository, with forward slashes. */
  readonly path: string;
  /** Undefined removes the file. */
  readonly content: Uint8Array | undefined;
}

export interface CommitFilesRequest {
  readonly slug: Slug;
  readonly branch: string;
  /** The branch must still end at this commit. */
  readonly expectedHead: CommitSha;
  readonly files: readonly FileToCommit[];
  /** First line of the commit message; `body` is the rest, or ''. */
  readonly headline: string;
  readonly body: string;
}

export type CommitFilesResult =
  | { readonly kind: 'committed'; readonly commit: CommitSha }
  /** Somebody else was faster; read the branch again and rebuild the change. */
  | { readonly kind: 'moved' }
  /** The branch does not accept direct commits; `detail` says why in plain words. */
  | { readonly kind: 'protected'; readonly detail: string }
  /** The commit is refused for good (no write access, branch gone); a person must change something. */
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
  /** Our branch; it has at most one open pull request. */
  readonly head: string;
  readonly title: string;
  readonly body: string;
}

/**
 * Writes to repositories through the git host's API. Every method throws Outage('git-host') while the API is down,
 * limits our requests or refuses our credentials, and PublishError (repository-forbidden, repository-unavailable) if
 * this repository cannot be read or does not accept the change.
 */
export interface RepositoryWriter {
  /** Returns undefined if the branch does not exist. */
  findHead(slug: Slug, branch: string, signal: AbortSignal): Promise<CommitSha | undefined>;
  /** Makes one verified commit of several files, only on top of `expectedHead`. */
  commitFiles(request: CommitFilesRequest, signal: AbortSignal): Promise<CommitFilesResult>;
  /** Creates the branch at this commit or moves it there: forward only, or anywhere if `force` is true. */
  setBranch(
    slug: Slug,
    branch: string,
    commit: CommitSha,
    force: boolean,
    signal: AbortSignal,
  ): Promise<void>;
  /** Finds the open pull request of `head`, or opens one. Its title and body are brought up to date. */
  openPullRequest(request: PullRequestRequest, signal: AbortSignal): Promise<PullRequest>;
  findPullRequest(slug: Slug, number: number, signal: AbortSignal): Promise<PullRequest | undefined>;
}

export type MergeResult =
  | { readonly kind: 'merged' }
  /** Checks or reviews are missing, or the git host has not decided yet; ask again later. */
  | { readonly kind: 'waiting' }
  /** The pull request's branch does not end at the commit that was asked for. */
  | { readonly kind: 'changed' }
  /** A person must merge it; `detail` says why in the git host's words. */
  | { readonly kind: 'refused'; readonly detail: string };

export interface PullRequestMerger {
  /** Merges the pull request now, and only at this commit. Throws Outage('git-host') and PublishError. */
  merge(slug: Slug, pullRequest: number, commit: CommitSha, signal: AbortSignal): Promise<MergeResult>;
}

/** How the check is shown: as a check with its annotations, or as a commit status, which holds the title only. */
export type ShownCheck = 'check' | 'status' | 'not-permitted';

/**
 * Shows at a commit what would be published from it. Each commit has one check of ours; a new one replaces it. Throws
 * Outage('git-host') and PublishError like RepositoryWriter. Returns `not-permitted` if our credentials allow neither
 * checks nor statuses.
 */
export interface CommitChecks {
  /** Shows that the commit is being checked. */
  begin(slug: Slug, commit: CommitSha, signal: AbortSignal): Promise<ShownCheck>;
  finish(slug: Slug, commit: CommitSha, check: CommitCheck, signal: AbortSignal): Promise<ShownCheck>;
}

export interface CheckRequest {
  readonly repositoryId: RepositoryId;
  readonly commit: CommitSha;
  /** The branch that the commit would be published from; `isDefaultBranch` says whether it is the default branch. */
  readonly branch: string;
  readonly isDefaultBranch: boolean;
  /** Undefined if the commit is the head of `branch` itself. */
  readonly pullRequest: number | undefined;
}

export interface WaitingCheck extends CheckRequest {
  readonly tries: number;
  /** Epoch milliseconds. */
  readonly requestedAt: number;
}

export type CheckOutcome = 'shown' | 'not-permitted' | 'given-up';

/** Heads that wait for their check, kept across restarts. Each method is one transaction. */
export interface CheckRequests {
  /** Returns false if this head was requested before. Older heads of the same pull request or branch stop waiting. */
  request(request: CheckRequest): Promise<boolean>;
  /** Returns the request that has been due the longest. */
  findDue(): Promise<WaitingCheck | undefined>;
  settle(request: Pick<CheckRequest, 'repositoryId' | 'commit'>, outcome: CheckOutcome): Promise<void>;
  /** `notBefore` is epoch milliseconds. */
  postpone(request: Pick<CheckRequest, 'repositoryId' | 'commit'>, notBefore: number): Promise<void>;
  /** Returns the outcome of the request that was settled last; undefined if none was. */
  findLastOutcome(): Promise<CheckOutcome | undefined>;
}

export interface HookDelivery {
  /** Id of this attempt to deliver. */
  readonly id: number;
  /** The delivery id, shared by all its attempts. */
  readonly delivery: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly isDelivered: boolean;
}

/** Webhook deliveries of the App, as the git host recorded them. Every method throws Outage('git-host'). */
export interface HookDeliveries {
  /** Lists attempts since `since`, newest first; empty without an App. */
  list(since: number, signal: AbortSignal): Promise<readonly HookDelivery[]>;
  /** Asks the git host to send the delivery again, under the same delivery id. */
  redeliver(id: number, signal: AbortSignal): Promise<void>;
}

export interface NewDelivery {
  /** The sender's id of the delivery; a redelivery has the same id. */
  readonly delivery: string;
  /** The sender's name for the kind of event. */
  readonly name: string;
  readonly event: GitHubEvent;
}

export interface WaitingDelivery extends NewDelivery {
  readonly id: number;
  readonly tries: number;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

/** Webhook deliveries, kept until they are handled. Each method is one transaction. */
export interface Inbox {
  /**
   * The delivery is on disk (fsynced) when the promise resolves. `known`: the delivery is waiting or was handled. A
   * delivery that failed before waits again.
   */
  receive(delivery: NewDelivery): Promise<'stored' | 'known'>;
  /** Lists due deliveries in order. While a delivery is postponed, later ones of the same repository wait behind it. */
  listDue(limit: number): Promise<readonly WaitingDelivery[]>;
  /** `outcome` is one sentence for the log of deliveries. */
  markHandled(id: number, outcome: string): Promise<void>;
  postpone(id: number, notBefore: number): Promise<void>;
  /** The delivery has failed for good, unless it is delivered again. */
  markFailed(id: number, why: string): Promise<void>;
  /** Returns when the newest delivery was received (epoch milliseconds); undefined if there was none. */
  findLastReceivedAt(): Promise<number | undefined>;
}

/** What we know about a branch that only we write to. */
export interface OwnBranch {
  /** Somebody else's commit that our work is based on; undefined if we never wrote to the branch. */
  readonly base: CommitSha | undefined;
  /** Our last commit on the branch; undefined before the first one. */
  readonly commit: CommitSha | undefined;
  /** A head that somebody else left on the branch; set once it was announced. */
  readonly foreign: CommitSha | undefined;
}

/** Where our branches ended when we last wrote to them. Each method is one transaction. */
export interface OwnBranches {
  find(repositoryId: RepositoryId, branch: string): Promise<OwnBranch | undefined>;
  /** Called before the branch is created at `base` or moved there; the last commit stays known. */
  begin(repositoryId: RepositoryId, branch: string, base: CommitSha): Promise<void>;
  wrote(repositoryId: RepositoryId, branch: string, commit: CommitSha): Promise<void>;
  /** Called after this head was announced. */
  noteForeign(repositoryId: RepositoryId, branch: string, head: CommitSha): Promise<void>;
}

/** The workflow that GitHub Actions issued a token to, as the signed token says. */
export interface WorkflowIdentity {
  readonly tokenId: string;
  readonly repository: Slug;
  readonly repositoryId: number;
  readonly ownerId: number;
  /** What started the workflow, such as `push` or `pull_request`. */
  readonly eventName: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

export type Identified =
  | { readonly kind: 'identified'; readonly identity: WorkflowIdentity }
  /** Forged, expired or for another audience; `detail` says so in plain words, without the token. */
  | { readonly kind: 'invalid'; readonly detail: string };

/** Checks identity tokens against the keys of their issuer. */
export interface WorkflowIdentities {
  /** Throws IssuerUnavailable if the issuer's keys cannot be obtained. */
  identify(token: string, signal: AbortSignal): Promise<Identified>;
}

/** The token cannot be checked now, because the issuer's keys are unavailable. */
export class IssuerUnavailable extends Error {
  constructor(options?: ErrorOptions) {
    super('the issuer of identity tokens does not answer', options);
    this.name = 'IssuerUnavailable';
  }
}
