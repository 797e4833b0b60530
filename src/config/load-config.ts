import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { whyNotSupported } from '../domain/package/registry-address.ts';
import {
  type PublishMode,
  publishModes,
  type RepositoryEntry,
  type SupersededMode,
  supersededModes,
} from '../domain/repository/repository.ts';
import { buildRedactor } from '../domain/text/redact.ts';
import { type DiscordConfig, readDiscord } from './discord.ts';
import { type GitHubConfig, readGitHub } from './github.ts';
import { findHeartbeatProblems } from './heartbeat.ts';
import { type JobsConfig, readJobs } from './jobs.ts';
import type { Read } from './reader.ts';
import { readRepositoriesFile } from './repositories-file.ts';
import { codeOf, openSecrets, type Secrets } from './secrets.ts';
import { isForService, type Purpose } from './setting.ts';
import { getSetting, type SecretName, type SettingName, secretNames } from './settings.ts';
import { readSigning, type SigningConfig } from './signing.ts';
import {
  isLoopback,
  type Parse,
  parseBaseUrl,
  parseList,
  parseOneOf,
  parsePositive,
  parseText,
  parseTrustProxy,
  parseWhole,
} from './values.ts';
import { findWarnings } from './warnings.ts';

export type { DiscordConfig } from './discord.ts';
export { jobSettings } from './job-settings.ts';
export type { Secrets } from './secrets.ts';
export type { Purpose, Setting } from './setting.ts';
export { settings } from './settings.ts';

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

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
  problems.push(...opened.problems, ...findHeartbeatProblems(opened.find('HEARTBEAT_URL')));
  if (
    isRequired('NPM_TOKEN', purpose) &&
    !opened.isSet('NPM_TOKEN') &&
    !problems.some(isAbout('NPM_TOKEN'))
  ) {
    problems.push(`NPM_TOKEN: not set; expected ${getSetting('NPM_TOKEN').expects} (or NPM_TOKEN_FILE)`);
  }
  const hasDiscordToken = isForService(purpose) && opened.isExpected('DISCORD_TOKEN');
  const given: GivenSecrets = { hasDiscordToken, find: (name) => opened.find(name) };
  const config = readConfig(merged, cwd, purpose, given, problems);
  if (problems.length > 0) {
    const text = ['The settings cannot be used:', ...problems.map((problem) => `  ${problem}`)].join('\n');
    return { kind: 'problems', text: buildRedactor(() => opened.secrets.all())(text) };
  }
  const warnings = findWarnings(merged, opened.secrets);
  return { kind: 'loaded', config: { ...config, warnings }, secrets: opened.secrets };
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

/** Builds a reader of single settings, which adds what is wrong to `problems`. */
function buildReader(env: Environment, purpose: Purpose, problems: string[]): Read {
  return (name, parse, otherwise) => {
    const setting = getSetting(name);
    const text = env[name]?.trim() ?? '';
    const used = text === '' ? setting.default : text;
    if (used === undefined) {
      if (isRequired(name, purpose)) problems.push(`${name}: not set; expected ${setting.expects}`);
      return otherwise;
    }
    const value = parse(used);
    if (value !== undefined) return value;
    problems.push(`${name}: found ${quote(used)}; expected ${setting.expects}`);
    return otherwise;
  };
}

/** The secrets that some settings are checked against. */
interface GivenSecrets {
  readonly hasDiscordToken: boolean;
  readonly find: (name: SecretName) => string | undefined;
}

function readConfig(
  env: Environment,
  cwd: string,
  purpose: Purpose,
  given: GivenSecrets,
  problems: string[],
): Omit<Config, 'warnings'> {
  const read = buildReader(env, purpose, problems);
  const httpRegistryHosts = read('HTTP_REGISTRY_HOSTS', parseList(hostPattern), []);
  const owners = read('GITHUB_OWNERS', parseList(ownerPattern), undefined);
  const scopes = read('PACKAGE_SCOPES', parseList(scopePattern), undefined);
  const file = read('REPOSITORIES_FILE', parseText, undefined);
  // Only the service and the doctor need registrations, so other commands do not read the file.
  const isFileUsed = file !== undefined && isForService(purpose);
  const found = isFileUsed ? readRepositoriesFile(resolve(cwd, file), { owners, scopes }) : undefined;
  problems.push(...(found?.problems ?? []).map((problem) => `REPOSITORIES_FILE: ${problem}`));
  return {
    host: read('HOST', parseList(hostPattern), [])[0] ?? '',
    port: read('PORT', parseWhole(0, 65_535), 0),
    publicUrl: read('PUBLIC_URL', parseBaseUrl({ httpAllowed: () => true, trailingSlash: false }), undefined),
    trustProxy: read('TRUST_PROXY', parseTrustProxy, false),
    dataDir: resolve(cwd, read('DATA_DIR', parseText, '')),
    backupDir: read('BACKUP_DIR', (text) => resolve(cwd, text), undefined),
    ...readGitHub(read, given.find, problems),
    ...readSigning(read, problems),
    githubOwners: owners ?? [],
    repositories: found?.entries ?? [],
    registryUrl: readRegistry(read, httpRegistryHosts, problems),
    httpRegistryHosts,
    packageScopes: scopes ?? [],
    publishMode: read('PUBLISH_MODE', parseOneOf(publishModes), 'live'),
    publishSuperseded: read('PUBLISH_SUPERSEDED', parseOneOf(supersededModes), 'skip'),
    publishConcurrency: read('PUBLISH_CONCURRENCY', parseWhole(1, 64), 0),
    jobDeadlineSeconds: read('JOB_DEADLINE_SECONDS', parseWhole(1, 86_400), 0),
    parkHours: read('PARK_HOURS', parsePositive(8760), 0),
    auditRetentionDays: read('AUDIT_RETENTION_DAYS', parseWhole(1, 3650), 0),
    packageSizeWarnMb: read('PACKAGE_SIZE_WARN_MB', parseWhole(1, 4096), 0),
    packageSizeMaxMb: read('PACKAGE_SIZE_MAX_MB', parseWhole(1, 4096), 0),
    geminiModel: read('GEMINI_MODEL', parseModel, ''),
    geminiApiUrl: read('GEMINI_API_URL', parseBaseUrl({ httpAllowed: isLoopback, trailingSlash: false }), ''),
    changelogBudgetSeconds: read('CHANGELOG_BUDGET_SECONDS', parsePositive(600), 0),
    ...readJobs(read),
    logLevel: read('LOG_LEVEL', parseOneOf(logLevels), 'info'),
    discord: readDiscord(read, given.hasDiscordToken, problems),
  };
}

const hostPattern =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?::\d{1,5})?|\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\]?)$/;
const ownerPattern = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/;
const parseModel: Parse<string> = (text) =>
  /^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/.test(text) ? text : undefined;
const scopePattern = /^[a-z0-9][a-z0-9._-]*$/;

function readRegistry(
  read: ReturnType<typeof buildReader>,
  httpHosts: readonly string[],
  problems: string[],
): string {
  const url = read('UPM_REGISTRY', registryUrlRules(httpHosts), '');
  const why = url === '' ? undefined : whyNotSupported(url);
  if (why !== undefined) problems.push(`UPM_REGISTRY: found ${quote(url)}; ${why}`);
  return url;
}

function registryUrlRules(hosts: readonly string[]): Parse<string> {
  const named = hosts.map((host) => host.toLowerCase());
  const isNamed = (url: URL): boolean => named.includes(url.hostname) || named.includes(url.host);
  return parseBaseUrl({ httpAllowed: (url) => isLoopback(url) || isNamed(url), trailingSlash: true });
}

function isRequired(name: SettingName, purpose: Purpose): boolean {
  return getSetting(name).required?.includes(purpose) === true;
}

function isAbout(name: SettingName): (problem: string) => boolean {
  return (problem) => problem.startsWith(`${name}:`) || problem.startsWith(`${name}_FILE:`);
}

/** Quotes a bad value on one short line, without parts of URLs that may be secret. */
function quote(text: string): string {
  const bare = text.replace(/\/\/[^/]*@/g, '//…@').replace(/[?#].*$/s, '?…');
  return JSON.stringify(bare.length > 80 ? `${bare.slice(0, 80)}…` : bare);
}
