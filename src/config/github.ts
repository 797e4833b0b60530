import type { Slug } from '../domain/repository/repository.ts';
import type { Reader } from './reader.ts';
import { judgeSecret } from './secrets.ts';

/** How the git host is reached. */
export interface GitHubConfig {
  /** Without a trailing slash. */
  readonly githubApiUrl: string;
  /** Without a trailing slash. */
  readonly githubServerUrl: string;
  /** Undefined when the service does not run as a GitHub App. */
  readonly githubAppId: string | undefined;
  /** Minutes between catch-ups; 0 means never. */
  readonly catchUpMinutes: number;
  /** Undefined when identity tokens are refused. */
  readonly oidcAudience: string | undefined;
  /** Without a trailing slash. */
  readonly oidcIssuer: string;
  /** Undefined when no repository_dispatch is accepted. */
  readonly githubDispatchRepository: Slug | undefined;
}

/** Reads the settings of the git host; `key` is the App’s private key. */
export function readGitHub({ problems, read }: Reader, key: string | undefined): GitHubConfig {
  const githubAppId = read('GITHUB_APP_ID');
  if (githubAppId !== undefined && key === undefined)
    problems.push('GITHUB_APP_PRIVATE_KEY: not set, but GITHUB_APP_ID is; expected the App’s private key');
  if (githubAppId === undefined && key !== undefined)
    problems.push('GITHUB_APP_ID: not set, but GITHUB_APP_PRIVATE_KEY is; expected the id of a GitHub App');
  problems.push(...judgeSecret('GITHUB_APP_PRIVATE_KEY', key, 'cannot be read'));
  return {
    githubApiUrl: read('GITHUB_API_URL'),
    githubServerUrl: read('GITHUB_SERVER_URL'),
    githubAppId,
    oidcAudience: read('OIDC_AUDIENCE'),
    catchUpMinutes: read('CATCH_UP_MINUTES'),
    oidcIssuer: read('OIDC_ISSUER'),
    githubDispatchRepository: read('GITHUB_DISPATCH_REPOSITORY'),
  };
}
