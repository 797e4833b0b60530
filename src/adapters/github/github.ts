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
  /** GITHUB_APP_ID; undefined when we do not act as an App. */
  readonly appId: string | undefined;
  /** The App's private key as PEM. */
  readonly appKey: () => string | undefined;
  readonly token: () => string | undefined;
  /** True by default; see GitHubApiOptions. */
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

/** Builds all adapters that use GitHub's API, which is a single origin. */
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
