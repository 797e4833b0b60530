import type { UnityManifest } from '../../domain/manifest.ts';
import type { PackedEntry } from '../../domain/tarball.ts';
import type { TreeEntry } from '../../domain/tree.ts';
import type { FileToScan, SecretScan } from '../../ports/secret-scanner.ts';
import type { Asmdef } from './asmdef.ts';
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

/** `unknown`: whoever could tell did not answer, so nothing is said. */
export type Availability = 'available' | 'no-such-package' | 'no-such-version' | 'unknown';

/** What rules need to know that is not in the package. */
export interface Surroundings {
  /** Files of the commit, those that are not packed too; undefined for what somebody else packed. */
  readonly committed: readonly CommittedFile[] | undefined;
  /** Packed files that npm would have left out. */
  readonly besides: ReadonlySet<string>;
  /** Undefined when there is none, or when it is not known. */
  readonly previous: PreviousVersion | undefined;
  /** Versions on the registry that are higher, highest first; none where nobody asked. */
  readonly publishedAbove: readonly string[];
  /** Other packages of the registry that have a GUID of this one, by GUID. */
  readonly guidOwners: ReadonlyMap<string, Owner>;
  /** The same of assemblies, by their names in lower case. */
  readonly assemblyOwners: ReadonlyMap<string, Owner>;
  /** Of the manifest's dependencies, by name; what is missing here is not judged. */
  readonly availability: ReadonlyMap<string, Availability>;
  /** Versions of the packages of this commit, by name. */
  readonly siblings: ReadonlyMap<string, string>;
  /** Scopes whose packages are ours. */
  readonly scopes: readonly string[];
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
