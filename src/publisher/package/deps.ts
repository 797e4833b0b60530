import type { SigningPolicy } from '../../domain/package/signing.ts';
import type { PublishLedger } from '../../ports/catalog.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LfsObjects, RepositorySource } from '../../ports/git.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Packer, Signer, Workspace } from '../../ports/packing.ts';
import type { GuidIndex, PreflightExceptions, SecretScanner } from '../../ports/preflight.ts';
import type { Registry } from '../../ports/registry.ts';
import type { Repositories } from '../../ports/repositories.ts';
import type { PipelineLimits } from '../run/pipeline.ts';

export interface SigningDeps {
  readonly policy: SigningPolicy;
  /** Undefined when nothing can be signed. */
  readonly signer: Pick<Signer, 'sign'> | undefined;
}

/** Dependencies for checking a packed package. */
export interface CheckDeps {
  readonly logger: Logger;
  readonly ledger: Pick<PublishLedger, 'findOwner' | 'listHolders'>;
  readonly registry: Pick<Registry, 'findPackument' | 'url'>;
  readonly index: Pick<GuidIndex, 'find' | 'findOwners' | 'findAssemblyOwners'>;
  readonly secrets: Pick<SecretScanner, 'scan'>;
  readonly repositories: Pick<Repositories, 'find'>;
  /** Exceptions that operators granted. */
  readonly exceptions: Pick<PreflightExceptions, 'listAllowedSecrets'>;
  readonly limits: Pick<PipelineLimits, 'scopes' | 'sizeWarnBytes'>;
  /** GITHUB_SERVER_URL, without a trailing slash. */
  readonly gitServerUrl: string;
}

/**
 * Dependencies for staging, packing, repairing and signing a package: they write files of our own, and only read from
 * neighbours.
 */
export interface BuildDeps {
  readonly logger: Logger;
  readonly source: Pick<RepositorySource, 'stageFiles'>;
  readonly workspace: Pick<Workspace, 'createFolder' | 'newTarballFile' | 'removeTarball'>;
  readonly packer: Pick<Packer, 'pack'>;
  readonly lfs: LfsObjects;
  readonly signing: SigningDeps;
  readonly repositories: Pick<Repositories, 'find'>;
  readonly limits: Pick<PipelineLimits, 'sizeMaxBytes'>;
  readonly check: CheckDeps;
}

/** Access to tarballs that an earlier run recorded. */
export interface KeptTarballs {
  readonly ledger: Pick<PublishLedger, 'listIntents'>;
  readonly workspace: Pick<Workspace, 'isIntact'>;
}

/** Dependencies for looking on the registry for a version of ours. */
export interface ReadBackDeps {
  readonly clock: Clock;
  readonly ledger: Pick<PublishLedger, 'listIntents'>;
  readonly registry: Pick<Registry, 'findPackument' | 'readServed'>;
  readonly limits: Pick<PipelineLimits, 'confirmInRunMs'>;
}

/** Dependencies of one package's first half: it may read everything, and leaves a tarball in our own folder. */
export interface PreparePackageDeps {
  /** Exceptions that operators granted. */
  readonly exceptions: Pick<PreflightExceptions, 'findOverride'>;
  /** Undefined when every package is packed anew. */
  readonly kept: KeptTarballs | undefined;
  readonly build: BuildDeps;
  readonly readBack: ReadBackDeps;
}

/** Dependencies for sending one package. */
export interface SendDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly ledger: Pick<PublishLedger, 'markIntent' | 'listRefused' | 'saveRefused' | 'forgetRefused'>;
  readonly registry: Pick<Registry, 'put' | 'probe'>;
  /** Identifies the current registry token without revealing it. */
  readonly registryCredentials: () => string;
  /** GITHUB_SERVER_URL, without a trailing slash. */
  readonly gitServerUrl: string;
}

/** Dependencies for recording that a version was seen on the registry. */
export interface RecordDeps {
  readonly ledger: Pick<PublishLedger, 'recordIntent' | 'markIntent'>;
  readonly registry: Pick<Registry, 'setDistTag'>;
  readonly workspace: Pick<Workspace, 'removeTarball'>;
  readonly index: Pick<GuidIndex, 'save' | 'saveUnreadable'>;
  readonly logger: Logger;
}

/** Dependencies of one package's second half. */
export interface CommitPackageDeps {
  readonly send: SendDeps;
  readonly readBack: ReadBackDeps;
  readonly record: RecordDeps;
}
