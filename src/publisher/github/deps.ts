import type { AuditLog } from '../../ports/audit-log.ts';
import type { CheckRequest } from '../../ports/check-requests.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CommitHistory } from '../../ports/commit-history.ts';
import type { JobLog } from '../../ports/job-log.ts';
import type { JudgedCommits } from '../../ports/judged-commits.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Outbox } from '../../ports/outbox.ts';
import type { Registrations } from '../../ports/registrations.ts';
import type { RemoteBranches } from '../../ports/remote-branches.ts';
import type { Repositories } from '../../ports/repositories.ts';
import type { RepositoryLinks } from '../../ports/repository-links.ts';
import type { RepositorySource } from '../../ports/repository-source.ts';
import type { AcceptResult, DispatchPayload } from '../accept-dispatch.ts';
import type { Looks } from '../looks.ts';

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
