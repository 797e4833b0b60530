import type { CatalogRow, HeadPackage, Lookup, RepositoryHead } from '../domain/catalog.ts';
import type { RepositoryId } from '../domain/repository.ts';

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
