import type { CommitCheck } from '../domain/repository/commit-check.ts';
import type { GitHubEvent } from '../domain/repository/github-event.ts';
import type { CommitSha, RepositoryId, Slug } from '../domain/repository/repository.ts';

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

export type MergeResult =
  | { readonly kind: 'merged' }
  /** Checks or reviews are missing, or the git host is still working it out: ask again. */
  | { readonly kind: 'waiting' }
  /** Its branch does not end at the commit that was asked for. */
  | { readonly kind: 'changed' }
  /** A person has to; `detail` in the git host's words. */
  | { readonly kind: 'refused'; readonly detail: string };

export interface PullRequestMerger {
  /** Merges it now, and only at this commit. Throws Outage('git-host'), PublishError. */
  merge(slug: Slug, pullRequest: number, commit: CommitSha, signal: AbortSignal): Promise<MergeResult>;
}

/** How it is shown: a check with its annotations, or a commit status that holds the title only. */
export type ShownCheck = 'check' | 'status' | 'not-permitted';

/**
 * Says at a commit what would be published of it. What stands there already is replaced, so that a commit has one of
 * ours. Throws Outage('git-host') and PublishError like a RepositoryWriter; `not-permitted` when our credentials may
 * write neither.
 */
export interface CommitChecks {
  /** It is being looked into. */
  begin(slug: Slug, commit: CommitSha, signal: AbortSignal): Promise<ShownCheck>;
  finish(slug: Slug, commit: CommitSha, check: CommitCheck, signal: AbortSignal): Promise<ShownCheck>;
}

export interface CheckRequest {
  readonly repositoryId: RepositoryId;
  readonly commit: CommitSha;
  /** Where it would go, and whether that is the default branch. */
  readonly branch: string;
  readonly isDefaultBranch: boolean;
  /** Undefined: the head of `branch` itself. */
  readonly pullRequest: number | undefined;
}

export interface WaitingCheck extends CheckRequest {
  readonly tries: number;
  /** Epoch milliseconds. */
  readonly requestedAt: number;
}

export type CheckOutcome = 'shown' | 'not-permitted' | 'given-up';

/** Heads that wait for their check, kept over restarts. Each method is one transaction. */
export interface CheckRequests {
  /** False when this head was asked for before. Older heads of the same pull request or branch do not wait any more. */
  request(request: CheckRequest): Promise<boolean>;
  /** The longest waiting one that is due. */
  findDue(): Promise<WaitingCheck | undefined>;
  settle(request: Pick<CheckRequest, 'repositoryId' | 'commit'>, outcome: CheckOutcome): Promise<void>;
  /** `notBefore` is epoch milliseconds. */
  postpone(request: Pick<CheckRequest, 'repositoryId' | 'commit'>, notBefore: number): Promise<void>;
  /** What became of the newest that was settled; undefined before the first. */
  findLastOutcome(): Promise<CheckOutcome | undefined>;
}

export interface HookDelivery {
  /** Of this attempt. */
  readonly id: number;
  /** The same for every attempt. */
  readonly delivery: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly isDelivered: boolean;
}

/** Webhooks of the App, as the git host sent them. Every method throws Outage('git-host'). */
export interface HookDeliveries {
  /** Attempts since then, newest first; empty without an App. */
  list(since: number, signal: AbortSignal): Promise<readonly HookDelivery[]>;
  /** Has it sent again, under the same delivery id. */
  redeliver(id: number, signal: AbortSignal): Promise<void>;
}

export interface NewDelivery {
  /** The sender's own id of it; a redelivery has the same. */
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

/** Webhooks, kept until they were looked into. Each method is one transaction. */
export interface Inbox {
  /** On disk (fsynced) when it resolves. `known`: it waits or was handled; one that failed waits again. */
  receive(delivery: NewDelivery): Promise<'stored' | 'known'>;
  /** In order; those of a repository wait behind its first one that has to. */
  listDue(limit: number): Promise<readonly WaitingDelivery[]>;
  /** `outcome` is one sentence for the log of deliveries. */
  markHandled(id: number, outcome: string): Promise<void>;
  postpone(id: number, notBefore: number): Promise<void>;
  /** For good, unless it is delivered again. */
  markFailed(id: number, why: string): Promise<void>;
  /** Epoch milliseconds of the newest delivery; undefined before the first. */
  findLastReceivedAt(): Promise<number | undefined>;
}

/** What we know of a branch that only we write to. */
export interface OwnBranch {
  /** The commit of somebody else that our work begins at; undefined when we never wrote there. */
  readonly base: CommitSha | undefined;
  /** The last commit that we wrote; undefined before the first one. */
  readonly commit: CommitSha | undefined;
  /** A head that somebody else left there, once people were told of it. */
  readonly foreign: CommitSha | undefined;
}

/** Where the branches that we write to ended when we last wrote. Each method is one transaction. */
export interface OwnBranches {
  find(repositoryId: RepositoryId, branch: string): Promise<OwnBranch | undefined>;
  /** Recorded before the branch is made or moved to `base`; the last commit stays known. */
  begin(repositoryId: RepositoryId, branch: string, base: CommitSha): Promise<void>;
  wrote(repositoryId: RepositoryId, branch: string, commit: CommitSha): Promise<void>;
  /** Recorded after people were told of this head. */
  noteForeign(repositoryId: RepositoryId, branch: string, head: CommitSha): Promise<void>;
}

/** Who a token of GitHub Actions was given to, as its issuer signed it. */
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
  /** Forged, expired, for somebody else; `detail` in plain words, without the token. */
  | { readonly kind: 'invalid'; readonly detail: string };

/** Checks identity tokens against the keys of their issuer. */
export interface WorkflowIdentities {
  /** Throws IssuerUnavailable when the issuer's keys cannot be had. */
  identify(token: string, signal: AbortSignal): Promise<Identified>;
}

/** Nothing can be said about a token now. */
export class IssuerUnavailable extends Error {
  constructor(options?: ErrorOptions) {
    super('the issuer of identity tokens does not answer', options);
    this.name = 'IssuerUnavailable';
  }
}
