import type { Outbox } from '../../ports/announcements.ts';
import type { AuditLog } from '../../ports/audit.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CommitHistory, RemoteBranches, RepositorySource } from '../../ports/git.ts';
import type { CheckRequest } from '../../ports/github.ts';
import type { JobLog, JudgedCommits } from '../../ports/judgements.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Registrations, Repositories, RepositoryLinks } from '../../ports/repositories.ts';
import type { AcceptResult, DispatchPayload } from '../dispatch/accept-dispatch.ts';
import type { Looks } from '../judge/looks.ts';

/** Dependencies of everything that follows the git host. */
export interface GitHubDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly source: RepositorySource & RemoteBranches & CommitHistory;
  readonly judged: Pick<JudgedCommits, 'listJudged'>;
  readonly jobLog: Pick<JobLog, 'listOpenPackages'>;
  readonly links: RepositoryLinks;
  readonly looks: Pick<Looks, 'take' | 'listSuspected'>;
  readonly registrations: Registrations;
  readonly repositories: Pick<Repositories, 'list' | 'find' | 'findBySlug'>;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly outbox: Pick<Outbox, 'add' | 'hasten'>;
  readonly accept: (payload: DispatchPayload) => Promise<AcceptResult>;
  /** Asks for the plan of a head to be shown at its commit, when its turn comes. */
  readonly requestCheck: (request: CheckRequest) => Promise<void>;
  /** Accounts whose repositories are accepted, from GITHUB_OWNERS. */
  readonly owners: readonly string[];
  /** The repository whose dispatch events count, from GITHUB_DISPATCH_REPOSITORY; undefined when none counts. */
  readonly dispatchRepository: string | undefined;
}
