import { join } from 'node:path';
import { buildGitSource } from './adapters/git/git-source.ts';
import { buildGitHub, type GitHub } from './adapters/github/github.ts';
import type { AppDeps, Parts } from './app.ts';
import type { GitCredentials } from './ports/git-credentials.ts';
import type { RepositorySource } from './ports/repository-source.ts';
import { buildCredentialCheck } from './publisher/github/credential-check.ts';
import type { ComponentState } from './publisher/readiness.ts';

const mebibyte = 1024 * 1024;

export function openGitHub({ config, secrets, clock }: AppDeps): GitHub {
  return buildGitHub({
    apiUrl: config.githubApiUrl,
    appId: config.githubAppId,
    appKey: () => secrets.githubAppKey(),
    token: () => secrets.githubToken(),
    clock,
  });
}

export function openSource(
  { config, clock, logger }: AppDeps,
  credentials: GitCredentials,
): RepositorySource & { stop(): Promise<void> } {
  return buildGitSource({
    serverUrl: config.githubServerUrl,
    folder: join(config.dataDir, 'mirrors'),
    token: async (slug, signal) => credentials.tokenFor(slug, 'read', signal),
    renewToken: (slug) => credentials.renew(slug),
    maxMirrorBytesTotal: 20 * 1024 * mebibyte,
    maxFetchBytes: 4 * config.packageSizeMaxMb * mebibyte,
    maxFiles: 200_000,
    timeoutMs: 5 * 60_000,
    clock,
    logger,
  });
}

/** What is done about the git host beside publishing. */
export interface GitHubWork {
  /** Of our credentials; undefined while nothing is known. */
  state(): ComponentState | undefined;
  stop(): Promise<void>;
}

export function startGitHubWork(deps: AppDeps, parts: Parts): GitHubWork {
  const { clock, config, logger, secrets } = deps;
  const check = buildCredentialCheck({
    clock,
    logger,
    credentials: parts.credentials,
    isConfigured: config.githubAppId !== undefined || secrets.githubToken() !== undefined,
  });
  check.start();
  return { state: () => check.state(), stop: async () => check.stop() };
}
