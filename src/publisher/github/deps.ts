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

/** What everything that follows the git host works with. */
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
  /** Has the plan of a head shown at its commit, when that is its turn. */
  readonly requestCheck: (request: CheckRequest) => Promise<void>;
  /** GITHUB_OWNERS. */
  readonly owners: readonly string[];
  /** GITHUB_DISPATCH_REPOSITORY; undefined: none counts. */
  readonly dispatchRepository: string | undefined;
}
