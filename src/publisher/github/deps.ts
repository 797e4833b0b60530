import type { Outbox } from '../../ports/announcements.ts';
import type { AuditLog } from '../../ports/audit.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CommitHistory, RemoteBranches, RepositorySource } from '../../ports/git.ts';
import type { CheckRequest, OwnBranches } from '../../ports/github.ts';
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
  readonly looks: Pick<Looks, 'take' | 'listSuspected'>;
  readonly records: GitHubRecords;
  readonly settings: GitHubSettings;
  readonly accept: (payload: DispatchPayload) => Promise<AcceptResult>;
  /** Asks for the plan of a head to be shown at its commit, when its turn comes. */
  readonly requestCheck: (request: CheckRequest) => Promise<void>;
}

/** What is known in the database. */
export interface GitHubRecords {
  readonly judged: Pick<JudgedCommits, 'listJudged'>;
  readonly jobLog: Pick<JobLog, 'listOpenPackages'>;
  readonly links: RepositoryLinks;
  readonly registrations: Registrations;
  readonly repositories: Pick<Repositories, 'list' | 'find' | 'findBySlug'>;
  readonly ownBranches: OwnBranches;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly outbox: Pick<Outbox, 'add'>;
}

export interface GitHubSettings {
  /** GITHUB_OWNERS. */
  readonly owners: readonly string[];
  /** The repository whose dispatch events count, from GITHUB_DISPATCH_REPOSITORY; undefined when none counts. */
  readonly dispatchRepository: string | undefined;
  /** PUBLIC_URL and OIDC_AUDIENCE; without them no dispatcher can reach us. */
  readonly publisherUrl: string | undefined;
  readonly audience: string | undefined;
}
