import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify, styleText } from 'node:util';
import { probeGemini } from './adapters/gemini-probe.ts';
import { probeHost } from './adapters/git/host-probe.ts';
import { buildGitHub, type GitHub } from './adapters/github/github.ts';
import { buildNpmRegistry } from './adapters/registry/npm-registry.ts';
import { systemClock } from './adapters/system-clock.ts';
import { type Config, loadConfig, type Secrets } from './config.ts';
import { type Finding, note, ok, problem } from './doctor-findings.ts';
import { checkSigner } from './doctor-signer.ts';
import { Outage, PublishError, renderFailure } from './domain/failure.ts';
import { buildRedactor } from './domain/redact.ts';
import type { Slug } from './domain/repository.ts';
import type { Logger } from './ports/logger.ts';
import { openStore, StoreLockedError } from './store/store.ts';

const usage = `Checks settings, data folder, database, git, registry, Gemini, signer and repositories; one line each, with the remedy.

  npm run doctor

Exit: 0 all is well, 1 something needs attention.
`;

const oldestGit = [2, 36] as const;
const enoughBytes = 2 * 1024 ** 3;
const repositoriesProbed = 50;
const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {} };

async function main(): Promise<number> {
  if (process.argv.some((argument) => argument === '--help' || argument === '-h')) {
    process.stdout.write(usage);
    return 0;
  }
  const loaded = loadConfig(undefined, undefined, { require: 'doctor' });
  if (loaded.kind === 'problems') {
    for (const line of loaded.text.split('\n').slice(1)) {
      print(
        problem('settings', line.trim(), 'Set it in the environment or in .env (see .env.example).'),
        String,
      );
    }
    return 1;
  }
  const { config, secrets } = loaded;
  const redact = buildRedactor(() => secrets.all());
  let hasProblem = false;
  for (const check of [
    checkSettings,
    checkGit,
    checkFolder,
    checkDatabase,
    checkRegistry,
    checkGitHub,
    checkGemini,
    checkSigner,
    checkRepositories,
  ]) {
    for (const finding of await check(config, secrets)) {
      print(finding, redact);
      hasProblem ||= finding.state === 'problem';
    }
  }
  return hasProblem ? 1 : 0;
}

function print(finding: Finding, redact: (text: string) => string): void {
  const mark = { ok: '✓', note: '·', problem: '✗' }[finding.state];
  const color = ({ ok: 'green', note: 'yellow', problem: 'red' } as const)[finding.state];
  const remedy = finding.remedy === undefined ? '' : `\n    → ${finding.remedy}`;
  const line = `${styleText(color, mark)} ${finding.subject.padEnd(12)} ${finding.text}${remedy}`;
  process.stdout.write(`${redact(line)}\n`);
}

async function checkSettings(config: Config, secrets: Secrets): Promise<readonly Finding[]> {
  const findings = [ok('settings', 'all settings can be used')];
  for (const warning of config.warnings)
    findings.push(note('settings', warning, 'Correct it or take it out.'));
  if (secrets.dispatchSecrets().length === 0) {
    const remedy = 'Set DISPATCH_SECRET here and in what sends dispatches.';
    findings.push(note('dispatch', 'DISPATCH_SECRET is not set: every dispatch is refused', remedy));
  }
  findings.push(note('discord', 'not configured: announcements go to the log', 'Nothing to do for now.'));
  return findings;
}

async function checkGit(): Promise<readonly Finding[]> {
  const remedy = `Install git ${oldestGit.join('.')} or newer.`;
  const asked = await promisify(execFile)('git', ['--version']).catch(() => undefined);
  if (asked === undefined) return [problem('git', 'git was not found', remedy)];
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(asked.stdout) ?? []).slice(1).map(Number);
  const isOld = major < oldestGit[0] || (major === oldestGit[0] && minor < oldestGit[1]);
  return [
    isOld ? problem('git', `${asked.stdout.trim()} is too old`, remedy) : ok('git', asked.stdout.trim()),
  ];
}

async function checkFolder(config: Config): Promise<readonly Finding[]> {
  try {
    await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
    const probe = join(config.dataDir, '.doctor');
    await writeFile(probe, '');
    await rm(probe);
  } catch {
    return [
      problem(
        'data',
        `${config.dataDir} cannot be written`,
        'Give this user write access, or change DATA_DIR.',
      ),
    ];
  }
  const { bavail, bsize } = await statfs(config.dataDir);
  const freeMb = Math.floor((bavail * bsize) / 1_000_000);
  if (bavail * bsize < enoughBytes) {
    return [
      note(
        'data',
        `${config.dataDir} has ${freeMb} MB free`,
        'Mirrors and tarballs need room: free some space.',
      ),
    ];
  }
  return [ok('data', `${config.dataDir} can be written, ${freeMb} MB free`)];
}

async function checkDatabase(config: Config): Promise<readonly Finding[]> {
  if (!existsSync(join(config.dataDir, 'publisher.db')))
    return [ok('database', 'will be created at the first start')];
  try {
    const store = await openStore({
      folder: config.dataDir,
      registry: config.registryUrl,
      clock: systemClock,
      redact: String,
    });
    await store.close();
    return [ok('database', 'sound')];
  } catch (error) {
    if (error instanceof StoreLockedError) return [ok('database', 'in use by a running process')];
    const text = error instanceof Error ? error.message : 'it cannot be opened';
    return [problem('database', text, 'See “Recovery” in docs/operations.md.')];
  }
}

async function checkRegistry(config: Config, secrets: Secrets): Promise<readonly Finding[]> {
  const registry = buildNpmRegistry({
    url: config.registryUrl,
    token: () => secrets.npmToken() ?? '',
    requestTimeoutMs: 10_000,
    putIdleTimeoutMs: 10_000,
    packuments: { find: async () => undefined, save: async () => undefined },
    clock: systemClock,
    logger: quiet,
  });
  try {
    await registry.probe(AbortSignal.timeout(15_000));
    return [ok('registry', `${config.registryUrl} answers and takes our token`)];
  } catch (error) {
    const detail = error instanceof Outage ? error.detail : 'no answer';
    const remedy =
      error instanceof Outage && error.kind === 'credentials'
        ? 'Renew NPM_TOKEN (or NPM_TOKEN_FILE).'
        : 'Check UPM_REGISTRY and that this machine reaches it.';
    return [problem('registry', `${config.registryUrl}: ${detail}`, remedy)];
  } finally {
    await registry.stop();
  }
}

function openGitHub(config: Config, secrets: Secrets): GitHub {
  return buildGitHub({
    apiUrl: config.githubApiUrl,
    appId: config.githubAppId,
    appKey: () => secrets.githubAppKey(),
    token: () => secrets.githubToken(),
    clock: systemClock,
  });
}

async function checkGitHub(config: Config, secrets: Secrets): Promise<readonly Finding[]> {
  const as = config.githubAppId === undefined ? 'our token' : `the App ${config.githubAppId}`;
  if (config.githubAppId === undefined && secrets.githubToken() === undefined) {
    const text = 'neither GITHUB_TOKEN nor an App is set: only public repositories are read';
    return [note('github', text, 'Set one of them; see “GitHub” in docs/operations.md.')];
  }
  try {
    await openGitHub(config, secrets).credentials.probe(AbortSignal.timeout(30_000));
    return [ok('github', `${config.githubApiUrl} takes ${as}`)];
  } catch (error) {
    const detail = error instanceof Outage ? error.detail : 'no answer';
    const isRefused = error instanceof Outage && error.kind === 'credentials';
    const remedy = isRefused ? 'Renew it; see “GitHub” in docs/operations.md.' : 'Check GITHUB_API_URL.';
    return [problem('github', `${config.githubApiUrl}: ${detail}`, remedy)];
  }
}

/** Changelogs are worded by rule without it: what is wrong with it stops nothing. */
async function checkGemini(config: Config, secrets: Secrets): Promise<readonly Finding[]> {
  const { geminiApiUrl: apiUrl, geminiModel: model } = config;
  const apiKey = secrets.geminiKey();
  if (apiKey === undefined) {
    const remedy = 'Nothing to do, or set GEMINI_API_KEY to let a model word them.';
    return [note('gemini', 'not configured: changelogs are worded by rule', remedy)];
  }
  const why = await probeGemini({ apiKey, model, apiUrl }, AbortSignal.timeout(10_000));
  if (why === undefined) return [ok('gemini', `${apiUrl} takes our key and knows ${model}`)];
  return [problem('gemini', `${apiUrl} ${why}`, 'Check GEMINI_API_KEY, GEMINI_MODEL and GEMINI_API_URL.')];
}

async function checkRepositories(config: Config, secrets: Secrets): Promise<readonly Finding[]> {
  const slugs = config.repositories.slice(0, repositoriesProbed).map((entry) => entry.slug);
  if (slugs.length === 0) {
    return [
      note('repositories', 'none in REPOSITORIES_FILE', 'List them there: dispatches of others are refused.'),
    ];
  }
  return Promise.all(slugs.map(async (slug) => checkRepository(config, secrets, slug)));
}

async function checkRepository(config: Config, secrets: Secrets, slug: Slug): Promise<Finding> {
  const signal = AbortSignal.timeout(15_000);
  try {
    await probeHost({
      repositoryUrl: `${config.githubServerUrl}/${slug}.git`,
      slug,
      token: await openGitHub(config, secrets).credentials.tokenFor(slug, 'read', signal),
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
    return problem(
      'repository',
      `${slug}: ${detail}`,
      'Check GITHUB_SERVER_URL, and GITHUB_TOKEN or the App.',
    );
  }
}

process.exitCode = await main();
