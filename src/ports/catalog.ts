import type { StoredVersion } from '../domain/announcement/daily-check.ts';
import type { Failure } from '../domain/failure/failure.ts';
import type { CatalogRow, HeadPackage, Lookup, RepositoryHead } from '../domain/package/catalog.ts';
import type { Packument } from '../domain/package/packument.ts';
import type { Tarball } from '../domain/package/tarball.ts';
import type { CommitSha, RepositoryId, Slug } from '../domain/repository/repository.ts';

export interface CatalogFilter {
  /** Whatever its status; active ones only when left out. */
  readonly repositoryId?: RepositoryId;
  readonly name?: string;
}

/** A name to keep the owner of. */
export interface NameClaim {
  readonly name: string;
  readonly repositoryId: RepositoryId;
  readonly how: 'packument' | 'sole-holder';
}

/** What stands at the heads of the repositories, beside what the registry said last. Each method is one transaction. */
export interface Catalog {
  findHead(repositoryId: RepositoryId): Promise<RepositoryHead | undefined>;
  listHeadPackages(repositoryId: RepositoryId): Promise<readonly HeadPackage[]>;
  /** Replaces the head (undefined: no commit yet); and the packages, unless they are still the same (undefined). */
  saveHead(
    repositoryId: RepositoryId,
    head: RepositoryHead | undefined,
    packages: readonly HeadPackage[] | undefined,
  ): Promise<void>;
  /** The head could not be read; what was known of it stays. */
  saveHeadError(repositoryId: RepositoryId, why: string): Promise<void>;
  /** An `unknown` keeps what the registry said before, and is not taken for it. */
  saveLookups(lookups: readonly Lookup[]): Promise<void>;
  /** ETags of those of these names whose cached packument says what is kept here already. */
  listSettled(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The registry says that nothing changed: what is kept is present, and as of now. */
  confirmLookups(names: readonly string[]): Promise<void>;
  /** By name and repository. */
  listRows(filter: CatalogFilter): Promise<readonly CatalogRow[]>;
  /** Records owners of names that have none, with the audit of it; how many. */
  claimNames(claims: readonly NameClaim[]): Promise<number>;
  /** Active repositories whose head could never be read: they may hold any name. */
  countUnread(): Promise<number>;
}

export interface CachedPackument {
  /** As the registry gave it, weak or strong. */
  readonly etag: string;
  readonly packument: Packument;
}

/** The last packument seen of each name, kept across restarts. Only ever used after the registry said "not modified". */
export interface PackumentCache {
  find(name: string): Promise<CachedPackument | undefined>;
  /** Inserts or replaces. */
  save(name: string, etag: string, packument: Packument): Promise<void>;
}

export interface PublishedVersions {
  /** Every version that we saw on the registry after publishing it, by name; once each, as it was sent last. */
  listStored(): Promise<readonly StoredVersion[]>;
}

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

/** An intent that is not recorded yet. */
export type IntentDraft = Omit<Intent, 'id' | 'state' | 'mayLandUntil'>;

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
  recordIntent(intent: IntentDraft): Promise<Intent>;
  listRefused(name: string, credentials: string): Promise<readonly RefusedUpload[]>;
  /** What other tokens were refused for this name is forgotten. */
  saveRefused(refused: Omit<RefusedUpload, 'refusedAt'>): Promise<void>;
  /** An upload of the name was taken. */
  forgetRefused(name: string): Promise<void>;
  markIntent(id: number, state: Exclude<IntentState, 'recorded'>, mayLandUntil: number | null): Promise<void>;
}
