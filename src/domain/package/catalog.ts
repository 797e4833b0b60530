import type { CommitSha, Repository, RepositoryId, Slug } from '../repository/repository.ts';
import type { Packument } from './packument.ts';
import { highestOf, isPrerelease } from './version.ts';

/** The last look at the head of a repository's default branch. */
export interface RepositoryHead {
  readonly branch: string;
  readonly commit: CommitSha;
}

/** One package.json at a head. */
export interface HeadPackage {
  readonly path: string;
  /** The manifest's name, or the folder while that cannot be read. */
  readonly name: string;
  readonly version: string | undefined;
  /** git's id of the manifest: a manifest with the same id was read already. */
  readonly manifestOid: string;
  /** What the manifest says against publishing the package, as a sentence; scopes and owners are not judged here. */
  readonly exclusion: string | undefined;
}

/** What one look-up of a name found. */
export type Lookup =
  | { readonly name: string; readonly state: 'present'; readonly entry: RegistryEntry }
  | { readonly name: string; readonly state: 'absent' }
  | { readonly name: string; readonly state: 'unknown'; readonly why: string };

/** A packument without the integrities. */
export interface RegistryEntry {
  readonly latest: string | undefined;
  readonly highest: string | undefined;
  readonly highestStable: string | undefined;
  readonly distTags: Readonly<Record<string, string>>;
  readonly versions: readonly string[];
  readonly repositoryUrl: string | undefined;
}

export function entryOf(packument: Packument): RegistryEntry {
  const versions = [...packument.versions.keys()];
  return {
    latest: packument.distTags['latest'],
    highest: highestOf(versions),
    highestStable: highestOf(versions.filter((version) => !isPrerelease(version))),
    distTags: packument.distTags,
    versions,
    repositoryUrl: packument.repositoryUrl,
  };
}

/** A package at a head, with everything that is known of its name. */
export interface CatalogRow {
  readonly repositoryId: RepositoryId;
  readonly slug: Slug;
  readonly mode: Repository['mode'];
  readonly scopes: readonly string[];
  readonly path: string;
  readonly name: string;
  readonly version: string | undefined;
  readonly exclusion: string | undefined;
  /** Undefined when the name was never looked up. */
  readonly registry: CatalogRegistryState | undefined;
  readonly owner: { readonly repositoryId: RepositoryId; readonly slug: Slug } | undefined;
  /** Active repositories that hold the name, and this one, sorted by id. */
  readonly holders: readonly { readonly repositoryId: RepositoryId; readonly slug: Slug }[];
  readonly publishedByUs: boolean;
}

export interface CatalogRegistryState {
  readonly state: Lookup['state'];
  readonly latest: string | undefined;
  readonly highest: string | undefined;
  readonly highestStable: string | undefined;
  readonly hasHead: boolean;
  readonly repositoryUrl: string | undefined;
  /** Epoch milliseconds of the last answer. */
  readonly checkedAt: number | undefined;
  readonly lastError: string | undefined;
}
