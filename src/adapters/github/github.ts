import type { Clock } from '../../ports/clock.ts';
import type { GitCredentials } from '../../ports/git-credentials.ts';
import type { RepositoryWriter } from '../../ports/repository-writer.ts';
import { buildGitHubApi } from './api-client.ts';
import { type AppIdentity, buildGitHubCredentials } from './credentials.ts';
import { buildRepositoryWriter } from './repository-writer.ts';

export interface GitHubOptions {
  /** GITHUB_API_URL, without a trailing slash. */
  readonly apiUrl: string;
  /** GITHUB_APP_ID; undefined: not as an App. */
  readonly appId: string | undefined;
  /** PEM. */
  readonly appKey: () => string | undefined;
  readonly token: () => string | undefined;
  readonly clock: Clock;
}

export interface GitHub {
  readonly credentials: GitCredentials;
  readonly repositoryWriter: RepositoryWriter;
}

const requestTimeoutMs = 20_000;

/** Everything that goes through GitHub's API. Talks to one origin only. */
export function buildGitHub(options: GitHubOptions): GitHub {
  const { appId, apiUrl, clock } = options;
  const app = (): AppIdentity | undefined => {
    const privateKey = options.appKey();
    return appId === undefined || privateKey === undefined ? undefined : { appId, privateKey };
  };
  const timeoutMs = requestTimeoutMs;
  const credentials = buildGitHubCredentials({ ...options, app, timeoutMs });
  const api = buildGitHubApi({ apiUrl, credentials, timeoutMs, clock });
  return { credentials, repositoryWriter: buildRepositoryWriter(api) };
}
