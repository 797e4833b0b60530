import type { Clock } from '../../ports/clock.ts';
import type { GitCredentials } from '../../ports/git.ts';
import type {
  CommitChecks,
  HookDeliveries,
  PullRequestMerger,
  RepositoryWriter,
} from '../../ports/github.ts';
import type { RepositoryDirectory } from '../../ports/repositories.ts';
import { buildGitHubApi } from './api-client.ts';
import { buildCommitChecks } from './commit-checks.ts';
import { type AppIdentity, buildGitHubCredentials } from './credentials.ts';
import { buildHookDeliveries } from './hook-deliveries.ts';
import { buildPullRequestMerger } from './pull-request-merger.ts';
import { buildRepositoryDirectory } from './repository-directory.ts';
import { buildRepositoryWriter } from './repository-writer.ts';

export interface GitHubOptions {
  /** GITHUB_API_URL, without a trailing slash. */
  readonly apiUrl: string;
  /** GITHUB_APP_ID; undefined: not as an App. */
  readonly appId: string | undefined;
  /** PEM. */
  readonly appKey: () => string | undefined;
  readonly token: () => string | undefined;
  /** True unless told; see GitHubApiOptions. */
  readonly pacesWrites?: boolean;
  readonly clock: Clock;
}

export interface GitHub {
  readonly credentials: GitCredentials;
  readonly repositoryWriter: RepositoryWriter;
  readonly directory: RepositoryDirectory;
  readonly merger: PullRequestMerger;
  readonly deliveries: HookDeliveries;
  readonly checks: CommitChecks;
}

const requestTimeoutMs = 20_000;

/** Everything that goes through GitHub's API. Talks to one origin only. */
export function buildGitHub(options: GitHubOptions): GitHub {
  const { appId } = options;
  const app = (): AppIdentity | undefined => {
    const privateKey = options.appKey();
    return appId === undefined || privateKey === undefined ? undefined : { appId, privateKey };
  };
  const timeoutMs = requestTimeoutMs;
  const credentials = buildGitHubCredentials({ ...options, app, timeoutMs });
  const api = buildGitHubApi({ ...options, credentials, timeoutMs });
  return {
    credentials,
    repositoryWriter: buildRepositoryWriter(api),
    directory: buildRepositoryDirectory(api),
    merger: buildPullRequestMerger(api),
    deliveries: buildHookDeliveries(credentials),
    checks: buildCommitChecks(api),
  };
}
