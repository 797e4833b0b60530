import type { Actor } from '../domain/job/actor.ts';
import type { Finding, Override } from '../domain/job/report.ts';
import type { CommitSha, RepositoryId } from '../domain/repository/repository.ts';
import type { RetryResult } from './jobs.ts';

export interface ExceptionRequest {
  /** The failed job whose packages it is about. */
  readonly job: number;
  readonly by: Actor;
  /** In their own words. */
  readonly reason: string;
}

export type ExceptionResult =
  | RetryResult
  /** No package of the job may be let through like this. */
  | { readonly kind: 'nothing-to-allow' };

/** What operators let through. What is written is one transaction with its audit and the job that follows. */
export interface PreflightExceptions {
  /** Of exactly this version from exactly this commit. */
  findOverride(name: string, version: string, commit: CommitSha): Promise<Override | undefined>;
  /** Fingerprints. */
  listAllowedSecrets(repositoryId: RepositoryId, name: string): Promise<ReadonlySet<string>>;
  /** Lets the named packages of the job through; those with a gate among their findings are left out. */
  publishAnyway(request: ExceptionRequest & { readonly names: readonly string[] }): Promise<ExceptionResult>;
  /** Lets these secrets through in the packages of the job that hold them, in this version and later ones. */
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
  /** Who asked for it. */
  readonly requestedBy: string;
}

/** At most one of a package and commit, for ever. Each method is one transaction. */
export interface FixProposals {
  find(repositoryId: RepositoryId, name: string, commit: CommitSha): Promise<FixProposal | undefined>;
  /** Keeps one that is there. Audited; the message of the failed job shows it then. */
  save(proposal: FixProposal, job: number): Promise<void>;
}

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

export interface FileToScan {
  /** Relative to the folder. */
  readonly path: string;
  /** What the file is by its name alone ("a private SSH key"): then its whole content is the secret. */
  readonly kind?: string;
}

/** A secret, without the secret. */
export interface FoundSecret {
  readonly file: string;
  /** From 1; undefined when the whole file is the secret. */
  readonly line: number | undefined;
  /** "a GitHub token". */
  readonly kind: string;
  /** The same for the same secret of the same kind in whatever file; says nothing to anybody without our key. */
  readonly fingerprint: string;
}

export interface SecretScan {
  /** By file and line. */
  readonly found: readonly FoundSecret[];
  /** Text files that are searched to a limit only, with that limit in bytes. */
  readonly cut: readonly { readonly file: string; readonly searchedBytes: number }[];
  /** Where the search had to be given up; nothing is known of this file and those after it. */
  readonly stoppedAt: string | undefined;
}

/** Looks for secrets in files of ours, apart from the main thread. Values never leave it. */
export interface SecretScanner {
  /**
   * Throws the signal's reason, or what the disk says. A search that crashes or takes too long is `stoppedAt`. Searches of
   * one owner wait for one another, never for more than a slice of somebody else's.
   */
  scan(
    folder: string,
    files: readonly FileToScan[],
    owner: RepositoryId,
    signal: AbortSignal,
  ): Promise<SecretScan>;
  stop(): Promise<void>;
}
