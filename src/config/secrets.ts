import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { unfoldKey } from './github.ts';
import { type SecretName, secretNames } from './settings.ts';
import { splitList } from './values.ts';

/** Values that are asked for each time, since they rotate. */
export interface Secrets {
  githubToken(): string | undefined;
  /** PEM. */
  githubAppKey(): string | undefined;
  npmToken(): string | undefined;
  dispatchSecrets(): readonly string[];
  webhookSecrets(): readonly string[];
  discordToken(): string | undefined;
  geminiKey(): string | undefined;
  /** PATH, and what SIGNER_ENV names. */
  signerEnv(): Readonly<Record<string, string>>;
  /** Its path or query may be a key. */
  heartbeatUrl(): string | undefined;
  /** Every value ever seen of every secret, for redaction. */
  all(): readonly string[];
}

const shortestKey = 12;
/** The process works without it, and takes it as soon as its file holds one. */
const mayComeLater: readonly string[] = ['DISCORD_TOKEN'];

type Environment = Readonly<Record<string, string | undefined>>;

interface SecretSource {
  /** Undefined when it is not set; a file that went missing keeps its last good value. */
  read(): string | undefined;
  /** Why the file could not be read when the process started. */
  readonly problem: string | undefined;
}

export interface OpenedSecrets {
  readonly secrets: Secrets;
  /** `NAME…: what is wrong`, without any value. */
  readonly problems: readonly string[];
  isSet(name: SecretName): boolean;
  /** It is set, or its file is named and may come later. */
  isExpected(name: SecretName): boolean;
  find(name: SecretName): string | undefined;
}

/** Reads all secrets once; files are looked at again on every use. */
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
    isSet: (name) => read(name) !== undefined,
    isExpected: (name) => read(name) !== undefined || (env[`${name}_FILE`]?.trim() ?? '') !== '',
    find: read,
  };
}

/** Whoever is called at a secret address may repeat a part of it. Shorter parts are words such as `ping`. */
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

/** A line break in a token would end up in a header; keys are the exception. */
function describe(name: string, value: string): string | undefined {
  if (!/[^\x20-\x7e]/.test(value) || name.endsWith('_KEY')) return undefined;
  return `${name}: holds a character that is not printable ASCII; expected one line`;
}

function openSecretFile(file: string, name: string, remember: (value: string) => void): SecretSource {
  let value: string | undefined;
  let version: string | undefined;

  function read(): string | undefined {
    try {
      // Mounted secrets are swapped by symlink: the inode tells even when size and time do not.
      const { mtimeMs, ctimeMs, size, ino } = statSync(file);
      const now = `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
      if (now === version) return value;
      const text = readFileSync(file, 'utf8').trim();
      // Empty is what a half-written file looks like.
      if (text === '' || describe(name, text) !== undefined) return value;
      version = now;
      value = text;
      remember(text);
    } catch {
      // Being replaced: the last good value stays.
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
