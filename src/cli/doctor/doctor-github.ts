import pLimit from 'p-limit';
import { probeHost } from '../../adapters/git/host/host-probe.ts';
import { buildGitHubCredentials } from '../../adapters/github/credentials.ts';
import { findTokenFacts } from '../../adapters/github/token-facts.ts';
import { systemClock } from '../../adapters/system/system-clock.ts';
import type { Config, Secrets } from '../../config/load-config.ts';
import { Outage, PublishError, renderFailure } from '../../domain/failure/failure.ts';
import type { Slug } from '../../domain/repository/repository.ts';
import { inspectDatabase } from '../../store/engine/inspect-database.ts';
import { type Check, type Finding, note, ok, problem } from './doctor-findings.ts';

const repositoriesProbed = 100;
const probedAtOnce = 8;
const soonMs = 14 * 24 * 3_600_000;
const see = 'see “GitHub” in docs/operations.md';
/** The permissions the App needs; `workflows` only for pull requests that add a dispatcher. */
const needed: Readonly<Record<string, string>> = {
  contents: 'write',
  metadata: 'read',
  pull_requests: 'write',
};

function openCredentials(config: Config, secrets: Secrets): ReturnType<typeof buildGitHubCredentials> {
  const { githubApiUrl: apiUrl, githubAppId: appId } = config;
  return buildGitHubCredentials({
    apiUrl,
    app: () => {
      const privateKey = secrets.githubAppKey();
      return appId === undefined || privateKey === undefined ? undefined : { appId, privateKey };
    },
    token: () => secrets.githubToken(),
    timeoutMs: 10_000,
    clock: systemClock,
  });
}

export const checkGitHub: Check = async (config, secrets, signal) => {
  const as = config.githubAppId === undefined ? 'our token' : `the App ${config.githubAppId}`;
  if (config.githubAppId === undefined && secrets.githubToken() === undefined) {
    const text = 'neither GITHUB_TOKEN nor an App is set: only public repositories are read';
    return [note('github', text, `Set one of them; ${see}.`)];
  }
  const credentials = openCredentials(config, secrets);
  try {
    await credentials.probe(signal);
    const taken = ok('github', `${config.githubApiUrl} takes ${as}`);
    const granted = await credentials.asApp(signal, async ({ octokit, options }) => {
      const { data } = await octokit.rest.apps.getAuthenticated({ ...options });
      return data?.permissions ?? {};
    });
    const more = granted === undefined ? await judgeToken(config, secrets, signal) : judgeApp(granted);
    return [taken, ...more];
  } catch (error) {
    const detail = error instanceof Outage ? error.detail : 'no answer';
    const isRefused = error instanceof Outage && error.kind === 'credentials';
    const remedy = isRefused ? `Renew it; ${see}.` : 'Check GITHUB_API_URL.';
    return [problem('github', `${config.githubApiUrl}: ${detail}`, remedy)];
  }
};

function judgeApp(granted: Readonly<Record<string, string | undefined>>): readonly Finding[] {
  const missing = Object.entries(needed)
    .filter(([name, level]) => granted[name] !== level && granted[name] !== 'write')
    .map(([name, level]) => `${name}: ${level}`);
  const findings: Finding[] = [];
  if (missing.length > 0) {
    const remedy = 'Add them in the App’s settings, and accept them where it is installed.';
    findings.push(problem('github', `the App lacks ${missing.join(', ')}`, remedy));
  }
  if (granted['workflows'] !== 'write') {
    const text = 'the App may not write workflows: no dispatcher by pull request';
    findings.push(note('github', text, 'Grant workflows: write, or rely on webhooks.'));
  }
  return findings;
}

async function judgeToken(
  config: Config,
  secrets: Secrets,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const token = secrets.githubToken() ?? '';
  const facts = await findTokenFacts({ apiUrl: config.githubApiUrl, token }, signal);
  const findings: Finding[] = [];
  if (facts?.scopes !== undefined && !facts.scopes.includes('repo')) {
    const text = 'our token has not the scope repo: private repositories and changelogs are out of reach';
    findings.push(problem('github', text, `Make one with repo (and workflow, for dispatchers); ${see}.`));
  }
  const leftMs =
    facts?.expiresAt === undefined ? Number.POSITIVE_INFINITY : facts.expiresAt - systemClock.now();
  if (leftMs < soonMs) {
    const days = Math.max(0, Math.floor(leftMs / 86_400_000));
    findings.push(note('github', `our token expires in ${days} days`, 'Renew GITHUB_TOKEN.'));
  }
  return findings;
}

/** Checks the repositories of the file and those already registered. */
export const checkRepositories: Check = async (config, secrets, signal) => {
  const inspected = inspectDatabase(config.dataDir);
  const registered = inspected.kind === 'sound' ? inspected.active : [];
  const known = new Map(
    [...config.repositories.map(({ slug }) => slug), ...registered].map((slug) => [slug.toLowerCase(), slug]),
  );
  if (known.size === 0) {
    const remedy = 'List them in REPOSITORIES_FILE, or use /register: dispatches of others are refused.';
    return [note('repositories', 'none is registered', remedy)];
  }
  const slugs = [...known.values()];
  const probed = slugs.slice(0, repositoriesProbed);
  const credentials = openCredentials(config, secrets);
  const limit = pLimit(probedAtOnce);
  const findings = await Promise.all(
    probed.map(async (slug) => limit(async () => checkRepository(config, credentials, slug, signal))),
  );
  const left = slugs.length - probed.length;
  const more = `${left} more were not looked at`;
  return left === 0 ? findings : [...findings, note('repositories', more, 'Ask /status for them.')];
};

async function checkRepository(
  config: Config,
  credentials: ReturnType<typeof openCredentials>,
  slug: Slug,
  signal: AbortSignal,
): Promise<Finding> {
  try {
    await probeHost({
      repositoryUrl: `${config.githubServerUrl}/${slug}.git`,
      slug,
      token: await credentials.tokenFor(slug, 'read', signal),
      signal,
      now: systemClock.now(),
    });
    return ok('repository', `${slug} can be read`);
  } catch (error) {
    if (error instanceof PublishError) {
      const shown = renderFailure(error.failure);
      return problem('repository', shown.title, shown.remedy);
    }
    const detail = error instanceof Outage ? error.detail : 'no answer';
    const remedy = 'Check GITHUB_SERVER_URL, and GITHUB_TOKEN or the App.';
    return problem('repository', `${slug}: ${detail}`, remedy);
  }
}
