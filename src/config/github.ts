import { createPrivateKey } from 'node:crypto';
import { parseSlug, type Slug } from '../domain/repository/repository.ts';
import type { Read } from './reader.ts';
import type { SecretName } from './settings.ts';
import { isLoopback, parseBaseUrl, parseWhole } from './values.ts';

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

const appIdPattern = /^[A-Za-z0-9][A-Za-z0-9.]{0,39}$/;

/** Reads the settings of the git host; `find` returns a secret. */
export function readGitHub(
  read: Read,
  find: (name: SecretName) => string | undefined,
  problems: string[],
): GitHubConfig {
  const url = parseBaseUrl({ httpAllowed: isLoopback, trailingSlash: false });
  const appId = read('GITHUB_APP_ID', (text) => (appIdPattern.test(text) ? text : undefined), undefined);
  const key = find('GITHUB_APP_PRIVATE_KEY');
  if (appId !== undefined && key === undefined)
    problems.push('GITHUB_APP_PRIVATE_KEY: not set, but GITHUB_APP_ID is; expected the App’s private key');
  if (appId === undefined && key !== undefined)
    problems.push('GITHUB_APP_ID: not set, but GITHUB_APP_PRIVATE_KEY is; expected the id of a GitHub App');
  if (key !== undefined && !isPrivateKey(key))
    problems.push('GITHUB_APP_PRIVATE_KEY: cannot be read; expected a private key in PEM form');
  return {
    githubApiUrl: read('GITHUB_API_URL', url, ''),
    githubServerUrl: read('GITHUB_SERVER_URL', url, ''),
    githubAppId: appId,
    oidcAudience: read('OIDC_AUDIENCE', (text) => (/^\S{1,200}$/.test(text) ? text : undefined), undefined),
    catchUpMinutes: read('CATCH_UP_MINUTES', parseWhole(0, 1440), 0),
    oidcIssuer: read('OIDC_ISSUER', url, ''),
    githubDispatchRepository: read('GITHUB_DISPATCH_REPOSITORY', parseSlug, undefined),
  };
}

/** Turns `\n` into line breaks, as environment variables often hold keys. */
export function unfoldKey(key: string): string {
  return key.replaceAll('\\n', '\n');
}

function isPrivateKey(key: string): boolean {
  try {
    return createPrivateKey(unfoldKey(key)).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}
