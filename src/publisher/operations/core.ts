import type { Actor } from '../../domain/job/actor.ts';
import type { Repository, RepositoryId } from '../../domain/repository/repository.ts';
import type { AuditLog, AuditPages } from '../../ports/audit.ts';
import type { Catalog, PublishLedger } from '../../ports/catalog.ts';
import type { ChangelogEntries, WriteBacks } from '../../ports/changelogs.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CommitHistory, RepositorySource } from '../../ports/git.ts';
import type { CheckRequests, RepositoryWriter } from '../../ports/github.ts';
import type { JobHistory, JobKeeper, JobQueue, JobRetries } from '../../ports/jobs.ts';
import type { Holds, JudgedCommits } from '../../ports/judgements.ts';
import type { Logger } from '../../ports/logger.ts';
import type { PreflightExceptions } from '../../ports/preflight.ts';
import type { PublishedFiles, Registry } from '../../ports/registry.ts';
import type { Repositories, RepositoryRegister } from '../../ports/repositories.ts';
import type { JobSchedule } from '../../ports/schedule.ts';
import type { ShadowComparisons } from '../../ports/shadow.ts';
import type { ChangelogWords } from '../changelog/deps.ts';
import type { PrepareDeps } from '../dispatch/deps.ts';
import type { Registrar } from '../github/registration.ts';
import type { NewId } from '../github/take-new-id.ts';
import type { Looks } from '../judge/looks.ts';
import type { FixProposer } from '../preflight/repair/propose-fix.ts';
import type { Readiness } from '../queue/readiness.ts';
import type { CatalogDeps } from '../watch/catalog/refresh.ts';

/** Everything that use cases work with, by aggregate. Composition builds one; each use case declares its part of it. */
export interface Core {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: CoreSettings;
  readonly source: RepositorySource;
  /** Plans a publish; writes nothing. */
  readonly prepare: PrepareDeps;
  readonly jobs: CoreJobs;
  readonly repositories: CoreRepositories;
  readonly packages: CorePackages;
  readonly changelogs: CoreChangelogs;
  readonly audit: CoreAudit;
}

/** The part of the core that a use case declares: `Uses<{ clock: 'now'; jobs: 'queue' | 'history' }>`. */
export type Uses<Part extends { readonly [Group in keyof Core]?: keyof Core[Group] }> = {
  readonly [Group in keyof Part & keyof Core]: Pick<Core[Group], Extract<Part[Group], keyof Core[Group]>>;
};

/** Runs a use case on the core: `ask(requestPublish, request)`. */
export type Ask = <Args extends readonly unknown[], Answer>(
  useCase: (core: Core, ...args: Args) => Answer,
  ...args: Args
) => Answer;

export interface CoreSettings {
  /** GITHUB_OWNERS. */
  readonly owners: readonly string[];
  /** PACKAGE_SCOPES. */
  readonly scopes: readonly string[];
  /** GITHUB_SERVER_URL, without a trailing slash. */
  readonly gitServerUrl: string;
  /** PUBLISH_MODE is `shadow`. */
  readonly isShadow: boolean;
  /** Returns true when pushes are noticed without a dispatcher: webhooks are accepted, or catching up is on. */
  readonly hearsPushes: () => boolean;
}

export interface CoreJobs {
  readonly queue: Pick<JobQueue, 'accept'>;
  readonly keeper: Pick<JobKeeper, 'cancelQueued' | 'countDepth'>;
  readonly history: JobHistory;
  readonly retries: JobRetries;
  readonly exceptions: Pick<PreflightExceptions, 'publishAnyway' | 'allowSecrets'>;
  readonly schedule: JobSchedule;
  readonly readiness: () => Promise<Readiness>;
  /** Asks a running job to end; returns false when it does not run here. */
  readonly cancelRunning: (job: number, by: Actor) => boolean;
  /** Called when a job may be runnable or an announcement pending. */
  readonly onChange: () => void;
}

export interface CoreRepositories {
  readonly all: Repositories;
  readonly register: RepositoryRegister;
  readonly looks: Looks;
  readonly checks: Pick<CheckRequests, 'findLastOutcome'>;
  readonly comparisons: Pick<ShadowComparisons, 'summarize'>;
  readonly registrar: Registrar;
  /** See takeNewId. */
  readonly takeNewId: (repository: Repository, by: Actor, signal: AbortSignal) => Promise<NewId>;
  /** Called when a repository publishes from now on. */
  readonly onActivated: (id: RepositoryId) => void;
}

export interface CorePackages {
  readonly catalog: Catalog;
  readonly ledger: Pick<PublishLedger, 'findOwner' | 'listHolders' | 'listIntents'>;
  readonly judged: Pick<JudgedCommits, 'listKnownPackages'>;
  readonly holds: Pick<Holds, 'cancel' | 'list'>;
  /** Refreshes the catalog; see refreshCatalog. */
  readonly cache: CatalogDeps;
  readonly fixes: FixProposer;
}

export interface CoreChangelogs {
  readonly entries: ChangelogEntries;
  readonly writeBacks: Pick<WriteBacks, 'listPending' | 'replace'>;
  readonly history: CommitHistory;
  readonly words: ChangelogWords;
  readonly registry: Pick<Registry, 'findPackument'>;
  readonly files: Pick<PublishedFiles, 'findText'>;
  readonly writer: RepositoryWriter;
  /** There are credentials for the writer. */
  readonly canWrite: boolean;
}

export interface CoreAudit {
  readonly log: Pick<AuditLog, 'append'>;
  readonly pages: AuditPages;
}
