import type { PublishLedger } from '../../ports/catalog.ts';
import type { RepositorySource } from '../../ports/git.ts';
import type { JobLog, JudgedCommits } from '../../ports/judgements.ts';
import type { Registry } from '../../ports/registry.ts';
import type { Repositories } from '../../ports/repositories.ts';
import type { ShadowTrial } from '../../ports/shadow.ts';
import type { ReadVersionDeps } from '../preflight/guid-index/index-version.ts';
import type { PipelineLimits } from '../run/pipeline.ts';

/** Dependencies for selecting the packages of a commit. */
export interface SelectDeps {
  readonly source: Pick<RepositorySource, 'listTree' | 'findNearestAncestor' | 'eachBlob'>;
  readonly judged: Pick<JudgedCommits, 'listJudged' | 'listKnownPackages'>;
  readonly jobLog: Pick<JobLog, 'listEarlier' | 'listOpenPackages'>;
}

/** Dependencies for deciding on owners and versions. */
export interface JudgeDeps {
  readonly source: Pick<RepositorySource, 'listDescendants'>;
  readonly jobLog: Pick<JobLog, 'listOtherJudgements'>;
  readonly ledger: Pick<PublishLedger, 'findOwner' | 'listHolders' | 'listIntents'>;
  readonly registry: Pick<Registry, 'findPackument' | 'readServed'>;
  readonly repositories: Pick<Repositories, 'list'>;
  /** Undefined when a job in shadow mode is to see the registry as it is. */
  readonly trial: TrialReader | undefined;
  readonly limits: Pick<PipelineLimits, 'scopes' | 'superseded'>;
  /** GITHUB_SERVER_URL, without a trailing slash. */
  readonly gitServerUrl: string;
}

export type TrialReader = Pick<ShadowTrial, 'findStart' | 'listRecorded'>;

/** Dependencies for what the packages of one commit know of each other and of what they depend on. */
export interface CommitContextDeps {
  readonly ledger: Pick<PublishLedger, 'findOwner' | 'listIntents'>;
  readonly repositories: Pick<Repositories, 'list'>;
  readonly preflight: ReadVersionDeps;
  readonly limits: Pick<PipelineLimits, 'scopes'>;
}
