import type { Finding } from '../domain/report.ts';

/** What is kept of one version that is on the registry. */
export interface IndexedVersion {
  readonly name: string;
  readonly version: string;
  /** GUID of each asset, by its path in the newest version that has it. */
  readonly guids: ReadonlyMap<string, string>;
  /** The fields of its manifest that later versions are compared with; hostile. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** As the rules found them, before anybody lowered or raised them. */
  readonly findings: readonly Finding[];
  /** Ids of the rules that looked. */
  readonly rules: readonly string[];
}

export interface VersionToIndex extends IndexedVersion {
  /** Name of each assembly that every project with this version has, by the path of its definition. */
  readonly assemblies: ReadonlyMap<string, string>;
}

/** What a package of the registry has that must be its own: a GUID, the name of an assembly. */
export interface IndexedOwner {
  /** Of the package. */
  readonly name: string;
  readonly path: string;
  /** The highest version that has it. */
  readonly version: string;
}

/** A version of the registry that the index lacks. */
export interface UnindexedVersion {
  readonly name: string;
  readonly version: string;
}

/** Which package of the registry has which GUID and assembly, and what was found in its versions. Each method is one transaction. */
export interface GuidIndex {
  /** The same again changes nothing. */
  save(version: VersionToIndex): Promise<void>;
  /** It cannot be read and is left alone until `listUnindexed` is asked for what was tried before some later time. */
  saveUnreadable(version: UnindexedVersion, problem: string): Promise<void>;
  find(name: string, version: string): Promise<IndexedVersion | undefined>;
  /** By GUID; of packages with another name. */
  findOwners(guids: readonly string[], exceptName: string): Promise<ReadonlyMap<string, IndexedOwner>>;
  /** By the assembly's name in lower case; of packages with another name, whose newest version has it. */
  findAssemblyOwners(
    assemblies: readonly string[],
    exceptName: string,
  ): Promise<ReadonlyMap<string, IndexedOwner>>;
  /**
   * What we published, and the newest version of every name that the registry is known to have, when it was never read,
   * or could not be read when it was tried before `retryBefore` (epoch ms).
   */
  listUnindexed(limit: number, retryBefore: number): Promise<readonly UnindexedVersion[]>;
}
