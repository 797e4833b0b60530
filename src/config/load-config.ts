import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { whyNotSupported } from '../domain/package/registry-address.ts';
import type { PublishMode, RepositoryEntry, SupersededMode } from '../domain/repository/repository.ts';
import { buildRedactor } from '../domain/text/redact.ts';
import { type DiscordConfig, readDiscord } from './discord.ts';
import { type GitHubConfig, readGitHub } from './github.ts';
import { type JobsConfig, readJobs } from './jobs.ts';
import { buildReader, isRequired, quote, type Reader } from './reader.ts';
import { readRepositoriesFile } from './repositories-file.ts';
import { codeOf, judgeSecret, type OpenedSecrets, openSecrets, type Secrets } from './secrets.ts';
import { isForService, type Purpose } from './setting.ts';
import { expectedOf, type logLevels, type SettingName, secretNames, settings } from './settings.ts';
import { readSigning, type SigningConfig } from './signing.ts';
import { isLoopback } from './values.ts';
import { findWarnings } from './warnings.ts';

export type { DiscordConfig } from './discord.ts';
export { jobSettings } from './job-settings.ts';
export type { Secrets } from './secrets.ts';
export type { Purpose, Setting } from './setting.ts';
export { expectedOf, settings } from './settings.ts';

/** All settings that are not secrets. */
export interface Config extends GitHubConfig, JobsConfig, SigningConfig {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** Without a trailing slash. */
  readonly publicUrl: string | undefined;
  /** Addresses and ranges of trusted proxies. */
  readonly trustProxy: false | readonly string[];
  /** An absolute path. */
  readonly dataDir: string;
  /** An absolute path; undefined means a folder in `dataDir`. */
  readonly backupDir: string | undefined;
  /** Empty only for commands that do not require it. */
  readonly githubOwners: readonly string[];
  readonly repositories: readonly RepositoryEntry[];
  /** With a trailing slash. */
  readonly registryUrl: string;
  readonly httpRegistryHosts: readonly string[];
  readonly packageScopes: readonly string[];
  readonly publishMode: PublishMode;
  readonly publishSuperseded: SupersededMode;
  readonly publishConcurrency: number;
  readonly jobDeadlineSeconds: number;
  readonly parkHours: number;
  readonly auditRetentionDays: number;
  readonly packageSizeWarnMb: number;
  readonly packageSizeMaxMb: number;
  readonly geminiModel: string;
  /** Without a trailing slash. */
  readonly geminiApiUrl: string;
  readonly changelogBudgetSeconds: number;
  readonly logLevel: (typeof logLevels)[number];
  /** Undefined when the process runs headless. */
  readonly discord: DiscordConfig | undefined;
  /** Probable mistakes in the settings, one sentence each; for the log. */
  readonly warnings: readonly string[];
}

export type LoadedConfig =
  /** All problems in one message, one line each. */
  | { readonly kind: 'problems'; readonly text: string }
  | { readonly kind: 'loaded'; readonly config: Config; readonly secrets: Secrets };

export interface LoadOptions {
  /** What the settings are needed for, which decides the required ones; `service` by default. */
  readonly require?: Purpose;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the environment, then `.env` in `cwd`. Bad settings are returned as problems, never thrown. */
export function loadConfig(
  env: Environment = process.env,
  cwd: string = process.cwd(),
  options: LoadOptions = {},
): LoadedConfig {
  const problems: string[] = [];
  const merged = mergeDotEnv(env, cwd, problems);
  const purpose = options.require ?? 'service';
  const opened = openSecrets(merged, cwd);
  problems.push(...opened.problems);
  checkSecrets(opened, purpose, problems);
  // Only the service and the doctor need the bot and registrations, so other commands do not read the file.
  const isFull = isForService(purpose);
  const config = readConfig(buildReader(merged, purpose, problems), cwd, isFull, {
    hasDiscordToken: isFull && opened.isExpected('DISCORD_TOKEN'),
    appKey: opened.find('GITHUB_APP_PRIVATE_KEY'),
  });
  if (problems.length > 0) {
    const text = ['The settings cannot be used:', ...problems.map((problem) => `  ${problem}`)].join('\n');
    return { kind: 'problems', text: buildRedactor(() => opened.secrets.all())(text) };
  }
  const warnings = findWarnings(merged, opened.secrets);
  return { kind: 'loaded', config: { ...config, warnings }, secrets: opened.secrets };
}

function checkSecrets({ find }: OpenedSecrets, purpose: Purpose, problems: string[]): void {
  problems.push(...judgeSecret('HEARTBEAT_URL', find('HEARTBEAT_URL'), 'cannot be called'));
  for (const setting of settings) {
    if (!('secret' in setting) || !isRequired(setting, purpose)) continue;
    const { name } = setting;
    if (find(name) === undefined && !problems.some(isAbout(name)))
      problems.push(`${name}: not set; expected ${expectedOf(setting)} (or ${name}_FILE)`);
  }
}

/** Adds the values of `.env`; the environment wins, also over the other form (`_FILE`) of a secret. */
function mergeDotEnv(env: Environment, cwd: string, problems: string[]): Environment {
  let text: string;
  try {
    text = readFileSync(join(cwd, '.env'), 'utf8');
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') problems.push(`.env: cannot be read (${codeOf(error)}); expected a file`);
    return env;
  }
  const fromFile = { ...parseEnv(text.replace(/^\uFEFF/, '')) };
  for (const name of secretNames) {
    if (env[name] !== undefined) delete fromFile[`${name}_FILE`];
    if (env[`${name}_FILE`] !== undefined) delete fromFile[name];
  }
  return { ...fromFile, ...env };
}

/** The secrets that some settings are checked against. */
interface GivenSecrets {
  readonly hasDiscordToken: boolean;
  readonly appKey: string | undefined;
}

function readConfig(
  reader: Reader,
  cwd: string,
  isFileUsed: boolean,
  given: GivenSecrets,
): Omit<Config, 'warnings'> {
  const { read } = reader;
  const httpRegistryHosts = read('HTTP_REGISTRY_HOSTS') ?? [];
  const registered = readRegistered(reader, cwd, isFileUsed);
  const backupDir = read('BACKUP_DIR');
  return {
    host: read('HOST'),
    port: read('PORT'),
    publicUrl: read('PUBLIC_URL'),
    trustProxy: read('TRUST_PROXY'),
    dataDir: resolve(cwd, read('DATA_DIR')),
    backupDir: backupDir === undefined ? undefined : resolve(cwd, backupDir),
    ...readGitHub(reader, given.appKey),
    ...readSigning(reader),
    ...registered,
    registryUrl: readRegistry(reader, httpRegistryHosts),
    httpRegistryHosts,
    publishMode: read('PUBLISH_MODE'),
    publishSuperseded: read('PUBLISH_SUPERSEDED'),
    publishConcurrency: read('PUBLISH_CONCURRENCY'),
    jobDeadlineSeconds: read('JOB_DEADLINE_SECONDS'),
    parkHours: read('PARK_HOURS'),
    auditRetentionDays: read('AUDIT_RETENTION_DAYS'),
    packageSizeWarnMb: read('PACKAGE_SIZE_WARN_MB'),
    packageSizeMaxMb: read('PACKAGE_SIZE_MAX_MB'),
    geminiModel: read('GEMINI_MODEL'),
    geminiApiUrl: read('GEMINI_API_URL'),
    changelogBudgetSeconds: read('CHANGELOG_BUDGET_SECONDS'),
    ...readJobs(reader),
    logLevel: read('LOG_LEVEL'),
    discord: readDiscord(reader, given.hasDiscordToken),
  };
}

function readRegistered(
  { problems, read }: Reader,
  cwd: string,
  isFileUsed: boolean,
): Pick<Config, 'githubOwners' | 'packageScopes' | 'repositories'> {
  const owners = read('GITHUB_OWNERS');
  const scopes = read('PACKAGE_SCOPES');
  const file = read('REPOSITORIES_FILE');
  const lists = { githubOwners: owners ?? [], packageScopes: scopes ?? [] };
  if (file === undefined || !isFileUsed) return { ...lists, repositories: [] };
  const found = readRepositoriesFile(resolve(cwd, file), { owners, scopes });
  problems.push(...found.problems.map((problem) => `REPOSITORIES_FILE: ${problem}`));
  return { ...lists, repositories: found.entries };
}

function readRegistry({ problems, read }: Reader, httpHosts: readonly string[]): string {
  const named = httpHosts.map((host) => host.toLowerCase());
  const registry = read('UPM_REGISTRY', (text) => {
    const url = new URL(text);
    return (
      url.protocol === 'https:' || isLoopback(url) || named.includes(url.hostname) || named.includes(url.host)
    );
  });
  const why = registry === undefined ? undefined : whyNotSupported(registry);
  if (registry !== undefined && why !== undefined)
    problems.push(`UPM_REGISTRY: found ${quote(registry)}; ${why}`);
  return registry ?? '';
}

function isAbout(name: SettingName): (problem: string) => boolean {
  return (problem) => problem.startsWith(`${name}:`) || problem.startsWith(`${name}_FILE:`);
}
