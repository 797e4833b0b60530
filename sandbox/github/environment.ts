import type { GitHost } from '../git-host.ts';
import type { GitHubDouble } from './github.ts';

/** Returns the settings that connect a process to this GitHub, with a token or as its App. */
export function githubEnvironment(
  host: GitHost,
  github: GitHubDouble,
  secrets: { readonly gitToken: string; readonly webhookSecret: string },
  asApp: boolean,
): Record<string, string> {
  const common = {
    GITHUB_SERVER_URL: host.url,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_WEBHOOK_SECRET: secrets.webhookSecret,
    // Turned off, because a world dispatches its pushes itself.
    CATCH_UP_MINUTES: '0',
  };
  if (!asApp) return { ...common, GITHUB_TOKEN: secrets.gitToken };
  return { ...common, GITHUB_APP_ID: github.state.appId, GITHUB_APP_PRIVATE_KEY: github.appPem() };
}
