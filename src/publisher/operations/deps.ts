import type { Repository, RepositoryId } from '../../domain/repository/repository.ts';
import type { AuditLog, AuditPages } from '../../ports/audit.ts';
import type { Catalog, PublishLedger } from '../../ports/catalog.ts';
import type { WriteBacks } from '../../ports/changelogs.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RepositorySource } from '../../ports/git.ts';
import type { CheckRequests } from '../../ports/github.ts';
import type { JobHistory, JobKeeper, JobQueue, JobRetries } from '../../ports/jobs.ts';
import type { Holds, JudgedCommits } from '../../ports/judgements.ts';
import type { Logger } from '../../ports/logger.ts';
import type { PreflightExceptions } from '../../ports/preflight.ts';
import type { Registry } from '../../ports/registry.ts';
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
import type { Actor, Operations } from './operations.ts';

/** What people are told of the pipeline's own records, and what plans a publish. */
export interface PeopleDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly repositories: Repositories;
  readonly source: RepositorySource;
  readonly ledger: Pick<PublishLedger, 'findOwner' | 'listHolders'>;
  readonly judged: Pick<JudgedCommits, 'listKnownPackages'>;
  /** GITHUB_SERVER_URL, without a trailing slash. */
  readonly changelog: Pick<ChangelogWords, 'gitServerUrl'>;
  readonly prepare: PrepareDeps;
}

/** Everything that the operations talk to. */
export interface OperationsDeps {
  readonly clock: Clock;
  readonly pipeline: PeopleDeps;
  readonly catalog: Catalog;
  /** For looking at many names; nobody has to learn from it. */
  readonly registry: Pick<Registry, 'findChange'>;
  readonly looks: Looks;
  readonly queue: Pick<JobQueue, 'accept'>;
  readonly keeper: Pick<JobKeeper, 'countDepth'>;
  readonly register: RepositoryRegister;
  readonly history: JobHistory;
  readonly holds: Pick<Holds, 'list'>;
  readonly jobs: Pick<JobRetries, 'findJob'>;
  readonly owed: Pick<WriteBacks, 'listOwed'>;
  readonly checks: Pick<CheckRequests, 'findLastOutcome'>;
  readonly comparisons: Pick<ShadowComparisons, 'summarize'>;
  readonly exceptions: Pick<PreflightExceptions, 'publishAnyway' | 'allowSecrets'>;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly auditPages: AuditPages;
  readonly readiness: () => Promise<Readiness>;
  readonly readChangelog: Operations['readChangelog'];
  readonly regenerateChangelog: Operations['regenerateChangelog'];
  /** Asks a running job to end; false when it does not run here. */
  readonly cancelRunning: (job: number, by: Actor) => boolean;
  readonly registrar: Registrar;
  /** See takeNewId. */
  readonly takeNewId: (repository: Repository, by: Actor, signal: AbortSignal) => Promise<NewId>;
  readonly fixes: FixProposer;
  readonly schedule: JobSchedule;
  /** Pushes are noticed without a dispatcher: webhooks are taken, or catching up is on. */
  readonly hearsPushes: () => boolean;
  /** GITHUB_OWNERS. */
  readonly owners: readonly string[];
  /** PACKAGE_SCOPES. */
  readonly scopes: readonly string[];
  /** PUBLISH_MODE is `shadow`. */
  readonly isShadow: boolean;
  /** A job may be runnable. */
  readonly onAccepted: () => void;
  /** A repository publishes from now on. */
  readonly onActivated: (id: RepositoryId) => void;
}
