import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DiscordDouble } from 'discord-stand-in';
import { type Gemini, startGemini } from '../../sandbox/gemini.ts';
import { World } from '../../sandbox/world.ts';
import { addAuditRows, dayMs } from '../publisher/watch/upkeep/aged-store.ts';
import { startTap, type Tap } from './tap.ts';
import { type ChildWatch, watchChildren } from './watch-children.ts';

export type HowGiven = 'as values' | 'in files';
export type Neighbour = 'registry' | 'github' | 'gemini' | 'discord';

/** A studio whose credentials the test knows, so that everything said and written can be searched for them. */
export interface PlantedWorld {
  readonly world: World;
  readonly discord: DiscordDouble;
  readonly gemini: Gemini;
  readonly taps: Readonly<Record<Neighbour, Tap>>;
  readonly children: ChildWatch;
  /** Secrets by the name of their setting. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The file that holds the registry's token; the thrown error reads it. */
  readonly tokenFile: string;
  /** Returns what every process wrote, ended ones included. */
  written(): string;
  /** Returns how often the heartbeat's address was called. */
  beats(): number;
  /** Starts the process again, however it ended. */
  startAgain(): Promise<void>;
  /** Runs `npm run <command>` with the same settings and returns the exit code. */
  run(module: string, ...args: readonly string[]): Promise<number>;
  stop(): Promise<void>;
}

const start = fileURLToPath(new URL('../../src/start.mjs', import.meta.url));
const signer = fileURLToPath(new URL('../../sandbox/fake-signer.ts', import.meta.url));
/** Code that throws an uncaught error with a token in its message when the process gets SIGUSR2. */
const thrower = `process.on('SIGUSR2', () => { throw new Error('no login with ' + require('node:fs').readFileSync(process.env.PLANTED_TOKEN_FILE, 'utf8')); });`;

/**
 * Starts the studio as an App with secrets in files, or with a token and secrets as values, so that each way is tried
 * with one of the two identities.
 */
export async function startPlantedWorld(folder: string, how: HowGiven): Promise<PlantedWorld> {
  const world = await World.start({ folder, discord: true, asApp: how === 'in files' });
  const { discord } = world;
  if (discord === undefined) throw new Error('a world without a Discord');
  const [gemini, watcher] = await Promise.all([startGemini(), startWatcher()]);
  const taps = await startTaps(world, discord, gemini);
  const given = credentialsOf(world, discord, gemini, watcher.url);
  const keys = join(folder, 'keys');
  const tokenFile = join(keys, 'NPM_TOKEN');
  await writeKeys(keys, given);
  const signerKey = `planted-signer-${randomBytes(9).toString('hex')}`;
  const env = {
    ...world.environment(),
    ...(how === 'as values' ? given : inFiles(keys, given)),
    ...settingsOf(taps, gemini),
    FAKE_SIGNER_KEY: signerKey,
    BACKUP_DIR: join(folder, 'backups'),
    TMPDIR: join(folder, 'tmp'),
    NODE_OPTIONS: `--require ${join(folder, 'thrower.cjs')}`,
    PLANTED_TOKEN_FILE: tokenFile,
  };
  await mkdir(join(folder, 'tmp'));
  await writeFile(join(folder, 'thrower.cjs'), thrower);
  world.process.kill('SIGKILL');
  await world.process.exited;
  addAuditRows(join(folder, 'data'), [Date.now() - 200 * dayMs]);
  world.process = await world.startProcess(env);
  const texts: string[] = [];
  const children = watchChildren(() => world.process.pid);
  return {
    world,
    discord,
    gemini,
    taps,
    children,
    secrets: {
      ...given,
      ...lineOfKey(given['GITHUB_APP_PRIVATE_KEY']),
      HEARTBEAT_URL: watcher.key,
      FAKE_SIGNER_KEY: signerKey,
    },
    tokenFile,
    written: () => [...texts, world.process.output()].join('\n'),
    beats: watcher.calls,
    startAgain: async () => {
      await world.process.exited;
      texts.push(world.process.output());
      world.process = await world.startProcess(env);
    },
    run: async (module, ...args) => {
      const ended = await runOnce(folder, env, [module, ...args]);
      texts.push(ended.text);
      return ended.code;
    },
    stop: async () => {
      children.stop();
      await world.stop();
      await Promise.all([
        gemini.stop(),
        watcher.stop(),
        ...Object.values(taps).map(async (tap) => tap.stop()),
      ]);
    },
  };
}

function credentialsOf(
  world: World,
  discord: DiscordDouble,
  gemini: Gemini,
  heartbeat: string,
): Readonly<Record<string, string>> {
  const { GITHUB_TOKEN, GITHUB_APP_PRIVATE_KEY } = world.environment();
  return {
    DISPATCH_SECRET: world.dispatchSecret,
    GITHUB_WEBHOOK_SECRET: world.webhookSecret,
    NPM_TOKEN: world.registry.token,
    DISCORD_TOKEN: discord.botToken,
    GEMINI_API_KEY: gemini.key,
    HEARTBEAT_URL: heartbeat,
    ...(GITHUB_TOKEN === undefined ? {} : { GITHUB_TOKEN }),
    ...(GITHUB_APP_PRIVATE_KEY === undefined ? {} : { GITHUB_APP_PRIVATE_KEY }),
  };
}

/** Takes one line of the key, because a PEM travels in lines and any of them would do. */
function lineOfKey(pem: string | undefined): Readonly<Record<string, string>> {
  return pem === undefined ? {} : { GITHUB_APP_PRIVATE_KEY: pem.split('\n')[6] ?? pem };
}

async function writeKeys(keys: string, given: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(keys);
  for (const [name, value] of Object.entries(given)) await writeFile(join(keys, name), `${value}\n`);
}

function inFiles(keys: string, given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const names = Object.keys(given);
  return Object.fromEntries(
    names.flatMap((name) => [[name, ''] as const, [`${name}_FILE`, join(keys, name)] as const]),
  );
}

async function startTaps(
  world: World,
  discord: DiscordDouble,
  gemini: Gemini,
): Promise<Readonly<Record<Neighbour, Tap>>> {
  return {
    registry: await startTap(world.proxy.url),
    github: await startTap(world.github.apiUrl),
    gemini: await startTap(gemini.url),
    discord: await startTap(discord.apiUrl),
  };
}

function settingsOf(
  taps: Readonly<Record<Neighbour, Tap>>,
  gemini: Gemini,
): Readonly<Record<string, string>> {
  return {
    UPM_REGISTRY: taps.registry.url,
    GITHUB_API_URL: taps.github.url,
    GEMINI_API_URL: taps.gemini.url,
    GEMINI_MODEL: gemini.model,
    DISCORD_API_URL: taps.discord.url,
    SIGNER_COMMAND: `'${process.execPath}' --disable-warning=ExperimentalWarning "${signer}" --folder {folder} --destination {destination}`,
    SIGNER_ENV: 'FAKE_SIGNER_KEY',
    JOB_BACKUP: '* * * * *',
    JOB_AUDIT_RETENTION: '* * * * *',
    JOB_STATUS_SYNC: '* * * * *',
    LOG_LEVEL: 'debug',
  };
}

/**
 * Starts the service that watches the heartbeat: its address contains a key, and it refuses and repeats each request.
 */
async function startWatcher() {
  const key = `planted-heartbeat-${randomBytes(9).toString('hex')}`;
  let calls = 0;
  const server = createServer((request, response) => {
    calls += 1;
    response.writeHead(500).end(`no ${request.url}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    key,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ping/${key}`,
    calls: () => calls,
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function runOnce(
  folder: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<{ readonly code: number; readonly text: string }> {
  return new Promise((resolve) => {
    const options = {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      cwd: folder,
      maxBuffer: 64 * 1024 * 1024,
    };
    const all = ['--disable-warning=ExperimentalWarning', start, ...args];
    execFile(process.execPath, all, options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), text: `${stdout}\n${stderr}` });
    });
  });
}
