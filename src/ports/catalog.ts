import type { StoredVersion } from '../domain/announcement/daily-check.ts';
import type { Failure } from '../domain/failure/failure.ts';
import type { CatalogRow, HeadPackage, Lookup, RepositoryHead } from '../domain/package/catalog.ts';
import type { Packument } from '../domain/package/packument.ts';
import type { Tarball } from '../domain/package/tarball.ts';
import type { CommitSha, RepositoryId, Slug } from '../domain/repository/repository.ts';

export interface CatalogFilter {
  /** Selects this repository, whatever its status; if left out, all active repositories are selected. */
  readonly repositoryId?: RepositoryId;
  readonly name?: string;
}

/** A package name and the repository that is to become its owner. */
export interface NameClaim {
  readonly name: string;
  readonly repositoryId: RepositoryId;
  readonly how: 'packument' | 'sole-holder';
}

/**
 * The packages at the heads of the repositories, and the registry's last answers about them. Each method is one
 * transaction.
 */
export interface Catalog {
  findHead(repositoryId: RepositoryId): Promise<RepositoryHead | undefined>;
  listHeadPackages(repositoryId: RepositoryId): Promise<readonly HeadPackage[]>;
  /**
   * Replaces the head (undefined: the repository has no commit yet) and the packages (undefined: they have not
   * changed).
   */
  saveHead(
    repositoryId: RepositoryId,
    head: RepositoryHead | undefined,
    packages: readonly HeadPackage[] | undefined,
  ): Promise<void>;
  /** Records that the head could not be read; what was known of it stays. */
  saveHeadError(repositoryId: RepositoryId, why: string): Promise<void>;
  /**
   * Saves the results of look-ups. An `unknown` result keeps the earlier answer of the registry, but marks it as
   * unknown.
   */
  saveLookups(lookups: readonly Lookup[]): Promise<void>;
  /**
   * Returns the ETags of the cached packuments, by name, for those of these names whose stored look-up agrees with the
   * packument.
   */
  listSettled(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Marks the stored look-ups as present and up to date, because the registry says that nothing changed. */
  confirmLookups(names: readonly string[]): Promise<void>;
  /** Lists the rows, sorted by name and repository. */
  listRows(filter: CatalogFilter): Promise<readonly CatalogRow[]>;
  /** Records the owners of names that have none, with an audit entry. Returns how many names were claimed. */
  claimNames(claims: readonly NameClaim[]): Promise<number>;
  /** Counts active repositories whose head could never be read; any package name may belong to one of them. */
  countUnread(): Promise<number>;
}

export interface CachedPackument {
  /** The ETag as the registry sent it, weak or strong. */
  readonly etag: string;
  readonly packument: Packument;
}

/**
 * The last packument of each name, kept across restarts. It is used only after the registry answered "not modified".
 */
export interface PackumentCache {
  find(name: string): Promise<CachedPackument | undefined>;
  /** Inserts or replaces. */
  save(name: string, etag: string, packument: Packument): Promise<void>;
}

export interface PublishedVersions {
  /**
   * Lists by name every version that we saw on the registry after publishing it. A version that was sent several times
   * appears once, as it was sent last.
   */
  listStored(): Promise<readonly StoredVersion[]>;
}

/**
 * How far an upload came. `recorded`: no PUT began · `sent`: the outcome is open · `accepted`: a 2xx answer claimed
 * that the version was stored · `refused`: certainly not stored · `stored`: seen on the registry.
 */
export type IntentState = 'recorded' | 'sent' | 'accepted' | 'refused' | 'stored';

/** The record, written before a PUT, that these bytes are to become this version. */
export interface Intent {
  readonly id: number;
  readonly name: string;
  readonly version: string;
  readonly job: number;
  readonly commit: CommitSha;
  readonly path: string;
  readonly distTag: string;
  readonly tarball: Tarball;
  readonly state: IntentState;
  /** Epoch milliseconds until which the last PUT may still become visible; null before the first PUT. */
  readonly mayLandUntil: number | null;
}

/** An intent that is not recorded yet. */
export type IntentDraft = Omit<Intent, 'id' | 'state' | 'mayLandUntil'>;

export interface NameOwner {
  readonly repositoryId: RepositoryId;
  readonly slug: Slug;
}

/** An upload that the registry refused because of the token: 401, 403 or a request for a one-time password. */
export interface RefusedUpload {
  readonly name: string;
  readonly version: string;
  /** Identifies the token among all others without revealing it. */
  readonly credentials: string;
  readonly status: number;
  readonly failure: Failure;
  /** Epoch milliseconds. */
  readonly refusedAt: number;
}

/**
 * Owners, intents and refused uploads of a registry. Owners and intents are kept for ever; refused uploads are kept
 * until the token changes or an upload of the name is accepted. Each method is one transaction.
 */
export interface PublishLedger {
  findOwner(name: string): Promise<NameOwner | undefined>;
  /** Makes the repository the owner of the name if it has none. Returns the owner after the call. */
  claimName(
    name: string,
    repositoryId: RepositoryId,
    how: 'first-publish' | 'packument' | 'sole-holder' | 'operator',
  ): Promise<NameOwner>;
  /** Lists the other registered repositories in which this name was seen. */
  listHolders(name: string): Promise<readonly NameOwner[]>;
  /** Lists all intents of this version, newest first. */
  listIntents(name: string, version: string): Promise<readonly Intent[]>;
  /** The intent is durable when the promise resolves. */
  recordIntent(intent: IntentDraft): Promise<Intent>;
  listRefused(name: string, credentials: string): Promise<readonly RefusedUpload[]>;
  /** Saves the refusal and deletes what other tokens were refused for this name. */
  saveRefused(refused: Omit<RefusedUpload, 'refusedAt'>): Promise<void>;
  /** Deletes the refusals of the name, because an upload of it was accepted. */
  forgetRefused(name: string): Promise<void>;
  markIntent(id: number, state: Exclude<IntentState, 'recorded'>, mayLandUntil: number | null): Promise<void>;
}
