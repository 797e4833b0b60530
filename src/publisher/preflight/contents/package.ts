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

/** What the registry holds of the version before this one. */
export interface PreviousVersion {
  readonly version: string;
  /** Its manifest, as far as anybody compares it; hostile. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** GUID of each asset, by the asset's path. */
  readonly guids: ReadonlyMap<string, string>;
}

/** Another package of the registry that has what must be this one's own. */
export interface Owner {
  readonly name: string;
  readonly path: string;
  /** The version that had it last. */
  readonly version: string;
}

/** `withdrawn`: we published it, and it is gone; `unknown`: whoever could tell did not answer, so nothing is said. */
export type Availability = 'available' | 'no-such-package' | 'no-such-version' | 'withdrawn' | 'unknown';

/** What rules need to know that is not in the package. */
export interface Surroundings {
  /** Files of the commit, those that are not packed too; undefined for what somebody else packed. */
  readonly committed: readonly CommittedFile[] | undefined;
  /** Of the files of the commit that are not packed. */
  readonly whyNot: WhyNotPacked;
  /** Packed files that npm would have left out. */
  readonly besides: ReadonlySet<string>;
  /** Undefined when there is none, or when it is not known. */
  readonly previous: PreviousVersion | undefined;
  /** No version was published before, neither lower nor higher. */
  readonly isFirst: boolean;
  /** Of the owners below, those of the same repository, and those that this package replaces. */
  readonly relatives: ReadonlySet<string>;
  /** Versions on the registry that are higher, highest first; none where nobody asked. */
  readonly publishedAbove: readonly string[];
  /** Other packages of the registry that have a GUID of this one, by GUID. */
  readonly guidOwners: ReadonlyMap<string, Owner>;
  /** The same of assemblies, by their names in lower case. */
  readonly assemblyOwners: ReadonlyMap<string, Owner>;
  /** The package that has what an assembly definition refers to, by the reference as written; not of Unity's own. */
  readonly referenced: ReadonlyMap<string, string>;
  /** What comes with the dependencies, and with theirs; undefined when nobody knows all of it. */
  readonly installed: ReadonlySet<string> | undefined;
  /** Of the manifest's dependencies, by name; what is missing here is not judged. */
  readonly availability: ReadonlyMap<string, Availability>;
  /** Versions of the packages of this commit, by name, but for copies of other people's. */
  readonly siblings: ReadonlyMap<string, string>;
  /** Scopes whose packages are ours. */
  readonly scopes: readonly string[];
  /** Dependencies outside of these scopes that a registered repository publishes. */
  readonly ours: ReadonlySet<string>;
  /** Nothing is sent, so nothing can wait for a dependency either: that it would have to is told. */
  readonly isTrial: boolean;
  /** Where it is published, with a trailing slash. */
  readonly registryUrl: string;
  readonly tarballBytes: number;
  /** PACKAGE_SIZE_WARN_MB. */
  readonly sizeWarnBytes: number;
  /** Looks into packed files for secrets. */
  findSecrets(files: readonly FileToScan[]): Promise<SecretScan>;
}

/** What the one look at the packed files' bytes found. */
export interface PackedContents {
  readonly entries: readonly PackedEntry[];
  readonly paths: ReadonlySet<string>;
  /** Every folder that holds something packed, at any depth. */
  readonly folders: ReadonlySet<string>;
  /** By the path of the .meta file. */
  readonly metas: ReadonlyMap<string, Meta>;
  readonly asmdefs: ReadonlyMap<string, Asmdef>;
  readonly libraries: ReadonlyMap<string, Library>;
  /** Metas of libraries that are loaded on some platforms only, or under a condition. */
  readonly limitedPlugins: ReadonlySet<string>;
  /** package.json as it is written. */
  readonly manifestText: string;
  /** What package.json says, all of it; empty when it cannot be read. */
  readonly written: Readonly<Record<string, unknown>>;
  readonly changelog: { readonly path: string; readonly text: string } | undefined;
}

/** What npm would ship, and what is known around it. */
export interface PackedPackage extends PackedContents, Surroundings {
  readonly manifest: UnityManifest;
}
