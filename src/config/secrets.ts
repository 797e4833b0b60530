import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { unfoldKey } from './github-settings.ts';
import { expectedOf, getSetting, type SecretName, secretNames } from './settings.ts';
import { splitList } from './values.ts';

/** Secret values, read anew for every use, since they rotate. */
export interface Secrets {
  githubToken(): string | undefined;
  /** The private key as PEM. */
  githubAppKey(): string | undefined;
  npmToken(): string | undefined;
  dispatchSecrets(): readonly string[];
  webhookSecrets(): readonly string[];
  discordToken(): string | undefined;
  geminiKey(): string | undefined;
  /** PATH, and the variables named by SIGNER_ENV. */
  signerEnv(): Readonly<Record<string, string>>;
  /** The URL to call; its path or query may contain a key. */
  heartbeatUrl(): string | undefined;
  /** Every value ever seen of every secret, for redaction. */
  all(): readonly string[];
}

const shortestKey = 12;
/** Secrets that may be missing at the start: they are used as soon as their file holds one. */
const mayComeLater: readonly string[] = ['DISCORD_TOKEN'];

type Environment = Readonly<Record<string, string | undefined>>;

interface SecretSource {
  /** Returns undefined when it is not set; when its file disappears, the last good value. */
  read(): string | undefined;
  /** Why the file could not be read when the process started. */
  readonly problem: string | undefined;
}

export interface OpenedSecrets {
  readonly secrets: Secrets;
  /** `NAME…: what is wrong`, without any value. */
  readonly problems: readonly string[];
  /** Returns true when it is set, or its file is configured and may be written later. */
  isExpected(name: SecretName): boolean;
  readonly find: (name: SecretName) => string | undefined;
}

/** Reads all secrets once; files are checked for changes on every use. */
export function openSecrets(env: Environment, cwd: string): OpenedSecrets {
  const seen = new Set<string>();
  const remember = (value: string): void => {
    for (const part of [value, ...splitList(value)]) seen.add(part);
  };
  const rememberAddress = (value: string): void => {
    for (const part of [value, ...listKeysInUrl(value)]) seen.add(part);
  };
  const rememberer = (name: string) => (name === 'HEARTBEAT_URL' ? rememberAddress : remember);
  const sources = new Map(
    secretNames.map((name) => [name, openSecret(env, cwd, name, rememberer(name))] as const),
  );
  const read = (name: string): string | undefined => sources.get(name)?.read();
  const forSigner = pickForSigner(env);
  for (const value of Object.values(forSigner)) remember(value);
  const secrets: Secrets = {
    githubToken: () => read('GITHUB_TOKEN'),
    githubAppKey: () => {
      const key = read('GITHUB_APP_PRIVATE_KEY');
      return key === undefined ? undefined : unfoldKey(key);
    },
    npmToken: () => read('NPM_TOKEN'),
    webhookSecrets: () => splitList(read('GITHUB_WEBHOOK_SECRET') ?? ''),
    dispatchSecrets: () => splitList(read('DISPATCH_SECRET') ?? ''),
    discordToken: () => read('DISCORD_TOKEN'),
    geminiKey: () => read('GEMINI_API_KEY'),
    signerEnv: () => ({ ...forSigner, PATH: env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin' }),
    heartbeatUrl: () => read('HEARTBEAT_URL'),
    all: () => {
      for (const source of sources.values()) source.read();
      return [...seen];
    },
  };
  const problems = [...sources.values()].flatMap(({ problem }) => problem ?? []);
  return {
    secrets,
    problems,
    isExpected: (name) => read(name) !== undefined || (env[`${name}_FILE`]?.trim() ?? '') !== '',
    find: read,
  };
}

/** Returns the problem of a secret that its schema does not accept, without its value; `what` stands in place of that. */
export function judgeSecret(name: SecretName, value: string | undefined, what: string): readonly string[] {
  const setting = getSetting(name);
  if (value === undefined || setting.schema.safeParse(value).success) return [];
  return [`${name}: ${what}; expected ${expectedOf(setting)}`];
}

/**
 * Returns the parts of a secret URL that need redaction, since whoever answers there may repeat them. Shorter parts are
 * words such as `ping`.
 */
function listKeysInUrl(value: string): readonly string[] {
  if (!URL.canParse(value)) return [];
  const { pathname, searchParams } = new URL(value);
  return [...pathname.split('/'), ...searchParams.values()].filter((part) => part.length >= shortestKey);
}

function pickForSigner(env: Environment): Readonly<Record<string, string>> {
  const names = splitList(env['SIGNER_ENV'] ?? '');
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function openSecret(
  env: Environment,
  cwd: string,
  name: string,
  remember: (value: string) => void,
): SecretSource {
  const plain = env[name]?.trim() ?? '';
  const file = env[`${name}_FILE`]?.trim() ?? '';
  if (plain !== '') remember(plain);
  if (file === '') return { read: () => (plain === '' ? undefined : plain), problem: describe(name, plain) };
  const source = openSecretFile(resolve(cwd, file), name, remember);
  if (plain === '') return source;
  return { ...source, problem: `${name}: both it and ${name}_FILE are set; expected one of them` };
}

/**
 * Returns the problem of a secret with unprintable characters: a line break in a token would end up in a header. Keys
 * are exempt.
 */
function describe(name: string, value: string): string | undefined {
  if (!/[^\x20-\x7e]/.test(value) || name.endsWith('_KEY')) return undefined;
  return `${name}: holds a character that is not printable ASCII; expected one line`;
}

function openSecretFile(file: string, name: string, remember: (value: string) => void): SecretSource {
  let value: string | undefined;
  let version: string | undefined;

  function read(): string | undefined {
    try {
      // Mounted secrets are swapped by symlink: the inode changes even when size and time do not.
      const { mtimeMs, ctimeMs, size, ino } = statSync(file);
      const now = `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
      if (now === version) return value;
      const text = readFileSync(file, 'utf8').trim();
      // A half-written file looks empty.
      if (text === '' || describe(name, text) !== undefined) return value;
      version = now;
      value = text;
      remember(text);
    } catch {
      // The file is being replaced: keep the last good value.
    }
    return value;
  }

  return { read, problem: read() === undefined ? findFileProblem(file, name) : undefined };
}

function findFileProblem(file: string, name: string): string | undefined {
  const isAwaited = mayComeLater.includes(name);
  const expected = 'expected a readable file that holds the secret';
  try {
    const text = readFileSync(file, 'utf8').trim();
    if (text !== '') return `${name}_FILE: ${describe(name, text)}`;
    return isAwaited ? undefined : `${name}_FILE: the file is empty; ${expected}`;
  } catch (error) {
    if (isAwaited && codeOf(error) === 'ENOENT') return undefined;
    return `${name}_FILE: the file cannot be read (${codeOf(error)}); ${expected}`;
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
