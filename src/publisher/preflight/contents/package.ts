import type { UnityManifest } from '../../../domain/package/manifest.ts';
import type { PackedEntry } from '../../../domain/package/tarball.ts';
import type { TreeEntry } from '../../../domain/package/tree.ts';
import type { WhyNotPacked } from '../../../ports/packing.ts';
import type { FileToScan, SecretScan } from '../../../ports/preflight.ts';
import type { Asmdef } from './asmdef.ts';
import type { Library } from './library.ts';
import type { Meta } from './meta.ts';

/** A file of the commit; its path is relative to the package. */
export interface CommittedFile {
  readonly path: string;
  readonly mode: TreeEntry['mode'];
}

/** What the registry has of the version before this one. */
export interface PreviousVersion {
  readonly version: string;
  /** The fields of its manifest that are compared; hostile. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** GUID of each asset, by the asset's path. */
  readonly guids: ReadonlyMap<string, string>;
}

/** Another package of the registry that has a GUID or an assembly name of this one. */
export interface Owner {
  readonly name: string;
  readonly path: string;
  /** The last version that had it. */
  readonly version: string;
}

/**
 * `withdrawn`: we published the version, and it is gone; `unknown`: the registry did not answer, so nothing is
 * reported.
 */
export type Availability = 'available' | 'no-such-package' | 'no-such-version' | 'withdrawn' | 'unknown';

/** What rules need to know besides the package's contents. */
export interface Surroundings {
  /** Files of the commit, also those that are not packed; undefined for a package that somebody else packed. */
  readonly committed: readonly CommittedFile[] | undefined;
  /** Why files of the commit are not packed. */
  readonly whyNot: WhyNotPacked;
  /** Packed files that npm would have left out. */
  readonly besides: ReadonlySet<string>;
  /** Undefined when there is no previous version, or it is not known. */
  readonly previous: PreviousVersion | undefined;
  /** True when no version was published before, neither a lower nor a higher one. */
  readonly isFirst: boolean;
  /** Those of the owners below that are of the same repository, or that this package replaces. */
  readonly relatives: ReadonlySet<string>;
  /** Higher versions on the registry, highest first; empty where nobody asked. */
  readonly publishedAbove: readonly string[];
  /** Other packages of the registry that have a GUID of this package, by GUID. */
  readonly guidOwners: ReadonlyMap<string, Owner>;
  /** Other packages of the registry that have an assembly of this package, by the assembly's name in lower case. */
  readonly assemblyOwners: ReadonlyMap<string, Owner>;
  /**
   * The package that has what an assembly definition refers to, by the reference as written; without Unity's own
   * packages.
   */
  readonly referenced: ReadonlyMap<string, string>;
  /** Packages that come with the dependencies, and with theirs; undefined when they are not all known. */
  readonly installed: ReadonlySet<string> | undefined;
  /** Availability of the manifest's dependencies, by name; a dependency without an entry is not judged. */
  readonly availability: ReadonlyMap<string, Availability>;
  /** Versions of this commit's packages by name, without copies of other people's packages. */
  readonly siblings: ReadonlyMap<string, string>;
  /** Scopes whose packages are ours. */
  readonly scopes: readonly string[];
  /** Dependencies outside of these scopes that a registered repository publishes. */
  readonly ours: ReadonlySet<string>;
  /**
   * True when nothing is sent: then nothing can wait for a dependency either, and a warning says that it would have
   * to.
   */
  readonly isTrial: boolean;
  /** Address of the registry to which the package is published, with a trailing slash. */
  readonly registryUrl: string;
  readonly tarballBytes: number;
  /** Tarball size above which a rule warns, from PACKAGE_SIZE_WARN_MB. */
  readonly sizeWarnBytes: number;
  /** Searches packed files for secrets. */
  findSecrets(files: readonly FileToScan[]): Promise<SecretScan>;
}

/** What one pass over the packed files' bytes found. */
export interface PackedContents {
  readonly entries: readonly PackedEntry[];
  readonly paths: ReadonlySet<string>;
  /** Every folder that holds something packed, at any depth. */
  readonly folders: ReadonlySet<string>;
  /** Metas by the path of the .meta file. */
  readonly metas: ReadonlyMap<string, Meta>;
  readonly asmdefs: ReadonlyMap<string, Asmdef>;
  readonly libraries: ReadonlyMap<string, Library>;
  /** Metas of libraries that are loaded on some platforms only, or under a condition. */
  readonly limitedPlugins: ReadonlySet<string>;
  /** The text of package.json. */
  readonly manifestText: string;
  /** Everything that package.json says; empty when it cannot be read. */
  readonly written: Readonly<Record<string, unknown>>;
  readonly changelog: { readonly path: string; readonly text: string } | undefined;
}

/** What npm would ship, with what is known around it. */
export interface PackedPackage extends PackedContents, Surroundings {
  readonly manifest: UnityManifest;
}
