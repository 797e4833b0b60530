import type { Failure } from '../domain/failure.ts';
import type { CommitSha, RepositoryId, Slug } from '../domain/repository.ts';
import type { Tarball } from '../domain/tarball.ts';

/** `recorded`: no PUT began · `sent`: outcome open · `accepted`: a 2xx claimed it · `refused`: certainly not stored · `stored`: seen on the registry. */
export type IntentState = 'recorded' | 'sent' | 'accepted' | 'refused' | 'stored';

/** Written before a PUT: these bytes are going to be this version. */
export interface Intent {
  readonly id: number;
  readonly name: string;
  readonly version: string;
  readonly job: number;
  readonly commit: CommitSha;
  readonly path: string;
  readonly distTag: string;
  readonly tarball: Tarball;
  /** See IntentState. */
  readonly state: IntentState;
  /** Epoch ms until which the last PUT may still become visible; null before the first. */
  readonly mayLandUntil: number | null;
}

export interface NameOwner {
  readonly repositoryId: RepositoryId;
  readonly slug: Slug;
}

/** An upload that the registry refused to a token: 401, 403, or a question for a one-time password. */
export interface RefusedUpload {
  readonly name: string;
  readonly version: string;
  /** Tells the token apart from every other, and is none. */
  readonly credentials: string;
  readonly status: number;
  readonly failure: Failure;
  /** Epoch milliseconds. */
  readonly refusedAt: number;
}

/**
 * Owners and intents, by registry, kept for ever; refused uploads until the token changes or the name is published. Each
 * method is one transaction.
 */
export interface PublishLedger {
  findOwner(name: string): Promise<NameOwner | undefined>;
  /** First claim wins; the owner after the call. */
  claimName(
    name: string,
    repositoryId: RepositoryId,
    how: 'first-publish' | 'packument' | 'sole-holder' | 'operator',
  ): Promise<NameOwner>;
  /** Other registered repositories in which this name was seen. */
  listHolders(name: string): Promise<readonly NameOwner[]>;
  /** All of this version, newest first. */
  listIntents(name: string, version: string): Promise<readonly Intent[]>;
  /** Durable when it resolves. */
  recordIntent(intent: Omit<Intent, 'id' | 'state' | 'mayLandUntil'>): Promise<Intent>;
  listRefused(name: string, credentials: string): Promise<readonly RefusedUpload[]>;
  /** What other tokens were refused for this name is forgotten. */
  saveRefused(refused: Omit<RefusedUpload, 'refusedAt'>): Promise<void>;
  /** An upload of the name was taken. */
  forgetRefused(name: string): Promise<void>;
  markIntent(id: number, state: Exclude<IntentState, 'recorded'>, mayLandUntil: number | null): Promise<void>;
}
