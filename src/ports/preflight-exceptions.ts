import type { Actor } from '../domain/actor.ts';
import type { Override } from '../domain/report.ts';
import type { CommitSha, RepositoryId } from '../domain/repository.ts';
import type { RetryResult } from './job-retries.ts';

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
