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
  /** The commit is made only if the branch still ends at this commit. */
  readonly expectedHead: CommitSha;
  readonly files: readonly FileToCommit[];
  /** First line of the commit message; `body` is the rest, or ''. */
  readonly headline: string;
  readonly body: string;
}

export type CommitFilesResult =
  | { readonly kind: 'committed'; readonly commit: CommitSha }
  /** Another commit arrived on the branch first: read the branch again and rebuild the files. */
  | { readonly kind: 'moved' }
  /** The branch does not accept direct commits; `detail` says why in plain words. */
  | { readonly kind: 'protected'; readonly detail: string }
  /** The commit will never be accepted in this form (no write access, branch gone); a person must change something. */
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
 * Writes to repositories through the git host's API. Every method throws Outage('git-host') while the git host is down,
 * rate limited or refuses our credentials, and PublishError (repository-forbidden, repository-unavailable) when the
 * repository cannot be read or rejects the request.
 */
export interface RepositoryWriter {
  /** Undefined when there is no such branch. */
  findHead(slug: Slug, branch: string, signal: AbortSignal): Promise<CommitSha | undefined>;
  /** Makes one verified commit of several files, only on top of `expectedHead`. */
  commitFiles(request: CommitFilesRequest, signal: AbortSignal): Promise<CommitFilesResult>;
  /** Creates the branch at this commit, or moves it there: only forward, or anywhere when `force`. */
  setBranch(
    slug: Slug,
    branch: string,
    commit: CommitSha,
    force: boolean,
    signal: AbortSignal,
  ): Promise<void>;
  /** Finds the open pull request of `head`, or opens one; updates its title and body. */
  openPullRequest(request: PullRequestRequest, signal: AbortSignal): Promise<PullRequest>;
  findPullRequest(slug: Slug, number: number, signal: AbortSignal): Promise<PullRequest | undefined>;
}

export type MergeResult =
  | { readonly kind: 'merged' }
  /** Checks or reviews are missing, or the git host has not decided yet: try again later. */
  | { readonly kind: 'waiting' }
  /** The pull request's branch does not end at the given commit. */
  | { readonly kind: 'changed' }
  /** A person must merge it; `detail` is in the git host's words. */
  | { readonly kind: 'refused'; readonly detail: string };

export interface PullRequestMerger {
  /** Merges now, and only while the branch ends at this commit. Throws Outage('git-host') or PublishError. */
  merge(slug: Slug, pullRequest: number, commit: CommitSha, signal: AbortSignal): Promise<MergeResult>;
}

/** How a check is shown: as a check run with annotations, or as a commit status that holds the title only. */
export type ShownCheck = 'check' | 'status' | 'not-permitted';

/**
 * Shows at a commit what would be published from it. Replaces our earlier check of that commit, so that a commit has
 * only one of ours. Throws Outage('git-host') and PublishError like RepositoryWriter; returns `not-permitted` when our
 * credentials may write neither a check nor a status.
 */
export interface CommitChecks {
  /** Shows the check as in progress. */
  begin(slug: Slug, commit: CommitSha, signal: AbortSignal): Promise<ShownCheck>;
  finish(slug: Slug, commit: CommitSha, check: CommitCheck, signal: AbortSignal): Promise<ShownCheck>;
}

export interface CheckRequest {
  readonly repositoryId: RepositoryId;
  readonly commit: CommitSha;
  /** The branch that the commit is on or would be merged into; `isDefaultBranch` refers to it. */
  readonly branch: string;
  readonly isDefaultBranch: boolean;
  /** Undefined when the commit is the head of `branch` itself. */
  readonly pullRequest: number | undefined;
}

export interface WaitingCheck extends CheckRequest {
  readonly tries: number;
  /** Epoch milliseconds. */
  readonly requestedAt: number;
}

export type CheckOutcome = 'shown' | 'not-permitted' | 'given-up';

/** Heads waiting for their check, kept across restarts. Each method is one transaction. */
export interface CheckRequests {
  /** Returns false when this head was requested before. Older heads of the same pull request or branch stop waiting. */
  request(request: CheckRequest): Promise<boolean>;
  /** Returns the due head that has waited longest. */
  findDue(): Promise<WaitingCheck | undefined>;
  settle(request: Pick<CheckRequest, 'repositoryId' | 'commit'>, outcome: CheckOutcome): Promise<void>;
  /** `notBefore` is epoch milliseconds. */
  postpone(request: Pick<CheckRequest, 'repositoryId' | 'commit'>, notBefore: number): Promise<void>;
  /** Returns the outcome of the most recently settled check; undefined before the first. */
  findLastOutcome(): Promise<CheckOutcome | undefined>;
}

export interface HookDelivery {
  /** Id of this attempt. */
  readonly id: number;
  /** The delivery id, shared by all its attempts. */
  readonly delivery: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly isDelivered: boolean;
}

/** Webhooks of the App, as recorded by the git host. Every method throws Outage('git-host'). */
export interface HookDeliveries {
  /** Lists the attempts since `since`, newest first; empty without an App. */
  list(since: number, signal: AbortSignal): Promise<readonly HookDelivery[]>;
  /** Asks the git host to send the webhook again, under the same delivery id. */
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

/** Received webhooks, kept until they are handled. Each method is one transaction. */
export interface Inbox {
  /**
   * The delivery is on disk (fsynced) when the promise resolves. `known`: it is already waiting or handled; a failed
   * delivery waits again.
   */
  receive(delivery: NewDelivery): Promise<'stored' | 'known'>;
  /**
   * Returns due deliveries in order. When the first delivery of a repository must wait, its later ones wait behind it.
   */
  listDue(limit: number): Promise<readonly WaitingDelivery[]>;
  /** `outcome` is one sentence for the log of deliveries. */
  markHandled(id: number, outcome: string): Promise<void>;
  postpone(id: number, notBefore: number): Promise<void>;
  /** The delivery is not tried again unless the sender delivers it again. */
  markFailed(id: number, why: string): Promise<void>;
  /** Epoch milliseconds of the newest delivery; undefined before the first. */
  findLastReceivedAt(): Promise<number | undefined>;
}

/** What is known of a branch that only we write to. */
export interface OwnBranch {
  /** Somebody else's commit that our commits are based on; undefined when we never wrote to the branch. */
  readonly base: CommitSha | undefined;
  /** Our last commit on the branch; undefined before the first one. */
  readonly commit: CommitSha | undefined;
  /** A head that somebody else pushed to the branch, once people have been informed of it. */
  readonly foreign: CommitSha | undefined;
}

/** Records where each of our own branches ended after our last write. Each method is one transaction. */
export interface OwnBranches {
  find(repositoryId: RepositoryId, branch: string): Promise<OwnBranch | undefined>;
  /** Called before the branch is created at `base` or moved there; the last commit stays recorded. */
  begin(repositoryId: RepositoryId, branch: string, base: CommitSha): Promise<void>;
  wrote(repositoryId: RepositoryId, branch: string, commit: CommitSha): Promise<void>;
  /** Called after people were informed of this head. */
  noteForeign(repositoryId: RepositoryId, branch: string, head: CommitSha): Promise<void>;
}

/** The claims of a GitHub Actions token, signed by its issuer: which workflow run it was given to. */
export interface WorkflowIdentity {
  readonly tokenId: string;
  readonly repository: Slug;
  readonly repositoryId: number;
  readonly ownerId: number;
  /** What started the workflow: `push`, `pull_request`, … */
  readonly eventName: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

export type Identified =
  | { readonly kind: 'identified'; readonly identity: WorkflowIdentity }
  /** The token is forged, expired or meant for another audience; `detail` is in plain words, without the token. */
  | { readonly kind: 'invalid'; readonly detail: string };

/** Checks identity tokens against the keys of their issuer. */
export interface WorkflowIdentities {
  /** Throws IssuerUnavailable when the issuer's keys cannot be fetched. */
  identify(token: string, signal: AbortSignal): Promise<Identified>;
}

/** The issuer's keys cannot be fetched, so that no token can be judged now. */
export class IssuerUnavailable extends Error {
  constructor(options?: ErrorOptions) {
    super('the issuer of identity tokens does not answer', options);
    this.name = 'IssuerUnavailable';
  }
}
