import type { Actor } from '../domain/job/actor.ts';
import type { Finding, Override } from '../domain/job/report.ts';
import type { CommitSha, RepositoryId } from '../domain/repository/repository.ts';
import type { RetryResult } from './jobs.ts';

export interface ExceptionRequest {
  /** The failed job whose packages the exception concerns. */
  readonly job: number;
  readonly by: Actor;
  /** The person's reason, in their own words. */
  readonly reason: string;
}

export type ExceptionResult =
  | RetryResult
  /** The exception applies to no package of the job. */
  | { readonly kind: 'nothing-to-allow' };

/**
 * What operators let through. Each method that writes is one transaction that includes its audit entry and the new job.
 */
export interface PreflightExceptions {
  /** Returns the override for exactly this version from exactly this commit. */
  findOverride(name: string, version: string, commit: CommitSha): Promise<Override | undefined>;
  /** Returns the fingerprints of the secrets that are allowed in this package. */
  listAllowedSecrets(repositoryId: RepositoryId, name: string): Promise<ReadonlySet<string>>;
  /** Lets the named packages of the job through, except those that have a gate among their findings. */
  publishAnyway(request: ExceptionRequest & { readonly names: readonly string[] }): Promise<ExceptionResult>;
  /** Allows these secrets in the packages of the job that contain them, for this version and later ones. */
  allowSecrets(
    request: ExceptionRequest & { readonly fingerprints: readonly string[] },
  ): Promise<ExceptionResult>;
}

/** The pull request that repairs one package as it is in one commit. */
export interface FixProposal {
  readonly repositoryId: RepositoryId;
  readonly name: string;
  readonly commit: CommitSha;
  readonly pullRequest: number;
  readonly url: string;
  /** The person who asked for the pull request. */
  readonly requestedBy: string;
}

/** Holds at most one proposal for each package and commit, for ever. Each method is one transaction. */
export interface FixProposals {
  find(repositoryId: RepositoryId, name: string, commit: CommitSha): Promise<FixProposal | undefined>;
  /**
   * Saves the proposal unless there already is one. The proposal is audited and then shown in the message of the failed
   * job.
   */
  save(proposal: FixProposal, job: number): Promise<void>;
}

/** What is stored about one version that is on the registry. */
export interface IndexedVersion {
  readonly name: string;
  readonly version: string;
  /** GUID of each asset, by the path that it has in the newest version that contains the asset. */
  readonly guids: ReadonlyMap<string, string>;
  /** Manifest fields that later versions are compared with. They come from outside and must not be trusted. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Findings as the rules produced them, before any severity was raised or lowered. */
  readonly findings: readonly Finding[];
  /** Ids of the rules that checked this version. */
  readonly rules: readonly string[];
}

export interface VersionToIndex extends IndexedVersion {
  /** Names of the assemblies that every project with this version contains, by the path of their definition. */
  readonly assemblies: ReadonlyMap<string, string>;
}

/** The package that has a GUID or an assembly name, which no two packages may share. */
export interface IndexedOwner {
  /** Name of the package. */
  readonly name: string;
  readonly path: string;
  /** The highest version of the package that has the GUID or the assembly name. */
  readonly version: string;
}

/** A version of the registry that the index lacks. */
export interface UnindexedVersion {
  readonly name: string;
  readonly version: string;
}

/**
 * Stores which package of the registry has which GUID and assembly, and what was found in its versions. Each method is
 * one transaction.
 */
export interface GuidIndex {
  /** Saving the same version again changes nothing. */
  save(version: VersionToIndex): Promise<void>;
  /**
   * Records that the version cannot be read. `listUnindexed` omits the version until it is called with a `retryBefore`
   * later than this attempt.
   */
  saveUnreadable(version: UnindexedVersion, problem: string): Promise<void>;
  find(name: string, version: string): Promise<IndexedVersion | undefined>;
  /** Returns, by GUID, the package that has the GUID; `exceptName` is left out. */
  findOwners(guids: readonly string[], exceptName: string): Promise<ReadonlyMap<string, IndexedOwner>>;
  /**
   * Returns, by lower-case assembly name, the package whose newest version has the assembly; `exceptName` is left out.
   */
  findAssemblyOwners(
    assemblies: readonly string[],
    exceptName: string,
  ): Promise<ReadonlyMap<string, IndexedOwner>>;
  /**
   * Lists versions that were never read, or that could not be read at an attempt before `retryBefore` (epoch
   * milliseconds). They are chosen from the versions that we published and the newest version of every name that the
   * registry is known to have.
   */
  listUnindexed(limit: number, retryBefore: number): Promise<readonly UnindexedVersion[]>;
}

export interface FileToScan {
  /** Relative to the folder. */
  readonly path: string;
  /**
   * What the name alone says the file is ("a private SSH key"). If set, the whole content of the file is the secret.
   */
  readonly kind?: string;
}

/** Describes a secret without containing it. */
export interface FoundSecret {
  readonly file: string;
  /** Line number, from 1; undefined if the whole file is the secret. */
  readonly line: number | undefined;
  /** "a GitHub token". */
  readonly kind: string;
  /** Equal for the same secret of the same kind in any file. Reveals nothing to anybody who lacks our key. */
  readonly fingerprint: string;
}

export interface SecretScan {
  /** Sorted by file and line. */
  readonly found: readonly FoundSecret[];
  /** Text files that were searched up to a limit only, with that limit in bytes. */
  readonly cut: readonly { readonly file: string; readonly searchedBytes: number }[];
  /** The file at which the search was abandoned; nothing is known about this file and those after it. */
  readonly stoppedAt: string | undefined;
}

/** Searches our files for secrets, outside the main thread. The secrets themselves never leave the worker threads. */
export interface SecretScanner {
  /**
   * Throws the signal's reason or the error of the disk. A search that crashes or takes too long is reported in
   * `stoppedAt`. Searches of one owner wait for each other, but for another owner's search at most one time slice.
   */
  scan(
    folder: string,
    files: readonly FileToScan[],
    owner: RepositoryId,
    signal: AbortSignal,
  ): Promise<SecretScan>;
  stop(): Promise<void>;
}
