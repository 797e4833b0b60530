import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildDiscordChannel } from './adapters/discord-channel.ts';
import { openDiskWorkspace } from './adapters/disk-workspace.ts';
import { buildGitSource } from './adapters/git/git-source.ts';
import { buildLogThread } from './adapters/log-thread.ts';
import { buildPacker } from './adapters/packer/packer.ts';
import type { RecentLog } from './adapters/recent-log.ts';
import { buildNpmRegistry } from './adapters/registry/npm-registry.ts';
import { describeDiscord, type OpenBot, openBot } from './bot/open-bot.ts';
import type { Config, Secrets } from './config.ts';
import { buildServer } from './http/server.ts';
import { type ForPeople, openFollower, openForPeople } from './open-for-people.ts';
import { openWorker } from './open-worker.ts';
import type { Clock } from './ports/clock.ts';
import type { Packer } from './ports/packer.ts';
import type { Registry } from './ports/registry.ts';
import type { RepositorySource } from './ports/repository-source.ts';
import { acceptDispatch } from './publisher/accept-dispatch.ts';
import { type CatalogFollower, followAll } from './publisher/catalog/follow.ts';
import { type LookupMemory, rememberLookups } from './publisher/catalog/remember-lookups.ts';
import { buildDelivery, type Delivery } from './publisher/deliver.ts';
import { watchOutages } from './publisher/outages.ts';
import type { PipelineDeps } from './publisher/pipeline.ts';
import { noProgress } from './publisher/progress.ts';
import { buildReadiness, type Readiness } from './publisher/readiness.ts';
import type { Worker } from './publisher/worker.ts';
import { openStore, type Store } from './store/store.ts';

export interface AppDeps {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly logger: RecentLog;
  readonly redact: (text: string) => string;
}

export interface App {
  /** Where it listens. */
  readonly url: string;
  /** Ends within 25 s: the socket closes, requests are answered, running jobs end or are given back. */
  stop(): Promise<void>;
}

const maxCrashes = 3;
const stopGraceMs = 15_000;
const mebibyte = 1024 * 1024;

/** Everything that talks to the outside, opened in order. */
export interface Parts {
  readonly store: Store;
  readonly source: RepositorySource & { stop(): Promise<void> };
  readonly registry: Registry & { warm(): void; stop(): Promise<void> };
  /** What the registry answered lately. */
  readonly memory: LookupMemory;
  readonly packer: Packer & { warm(): void };
  readonly pipeline: PipelineDeps;
}

function openSource(
  { config, secrets, clock, logger }: AppDeps,
  maxPackageBytes: number,
): ReturnType<typeof buildGitSource> {
  return buildGitSource({
    serverUrl: config.githubServerUrl,
    folder: join(config.dataDir, 'mirrors'),
    token: () => secrets.githubToken(),
    maxMirrorBytesTotal: 20 * 1024 * mebibyte,
    maxFetchBytes: 4 * maxPackageBytes,
    maxFiles: 200_000,
    timeoutMs: 5 * 60_000,
    clock,
    logger,
  });
}

export async function openParts(deps: AppDeps): Promise<Parts> {
  const { config, secrets, clock, logger, redact } = deps;
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const store = await openStore({ folder: config.dataDir, registry: config.registryUrl, clock, redact });
  const maxBytes = config.packageSizeMaxMb * mebibyte;
  const workspace = await openDiskWorkspace(config.dataDir);
  const source = openSource(deps, maxBytes);
  const registry = buildNpmRegistry({
    url: config.registryUrl,
    token: () => secrets.npmToken() ?? '',
    requestTimeoutMs: 15_000,
    putIdleTimeoutMs: 60_000,
    packuments: store.packuments,
    clock,
    logger,
  });
  const memory = rememberLookups(registry);
  const packer = buildPacker({ threads: 2, timeoutMs: 5 * 60_000, memoryMb: 512, logger });
  const pipeline: PipelineDeps = {
    clock,
    logger,
    queue: store.queue,
    jobLog: store.jobLog,
    judged: store.judged,
    ledger: store.ledger,
    repositories: store.repositories,
    source,
    registry: memory.registry,
    packer,
    workspace,
    limits: {
      scopes: config.packageScopes,
      sizeWarnBytes: config.packageSizeWarnMb * mebibyte,
      sizeMaxBytes: maxBytes,
      packagesAtOnce: 4,
      confirmInRunMs: 20_000,
    },
    progress: noProgress,
  };
  return { store, source, registry, memory, packer, pipeline };
}

export async function closeParts(parts: Parts): Promise<void> {
  await parts.packer.stop();
  await parts.registry.stop();
  await parts.source.stop();
  await parts.store.close();
}

interface Background {
  readonly worker: Worker;
  readonly wakeDelivery: () => void;
  readonly readiness: () => Promise<Readiness>;
  /** What the bot's commands are to be given. */
  readonly people: ForPeople;
  readonly follower: CatalogFollower;
  stop(): Promise<void>;
}

/** The bot, when there is a token for it. */
function openDiscord(deps: AppDeps, parts: Parts): OpenBot | undefined {
  const { clock, config, logger, secrets } = deps;
  const { discord } = config;
  const token = secrets.discordToken();
  if (discord === undefined || token === undefined) return undefined;
  const { apiUrl, threadId } = discord;
  return openBot({
    config: discord,
    token,
    channel: buildDiscordChannel({ apiUrl, token: () => secrets.discordToken(), channelId: threadId }),
    messages: parts.store.threadMessages,
    retries: parts.store.retries,
    recentLog: (job) => logger.ofJob(job),
    clock,
    logger,
    links: { registryUrl: config.registryUrl, gitServerUrl: config.githubServerUrl },
  });
}

function wakeAll(worker: Worker, delivery: Delivery): void {
  worker.wake();
  delivery.wake();
}

/** Recovers what a dead process left, then starts delivery, probes and the worker. */
export async function startBackground(deps: AppDeps, parts: Parts): Promise<Background> {
  const { clock, logger, config } = deps;
  const { store } = parts;
  const follower = openFollower(deps, parts);
  const people = openForPeople(deps, parts, {
    readiness: async () => readiness(),
    onAccepted: () => wakeAll(worker, delivery),
    onActivated: (id) => follower.repositoryChanged(id),
  });
  const bot = openDiscord(deps, parts);
  const thread = bot?.thread ?? buildLogThread(logger);
  const delivery = buildDelivery({ clock, logger, outbox: store.outbox, thread });
  const outages = watchOutages({
    clock,
    logger,
    keeper: store.keeper,
    outbox: store.outbox,
    registry: parts.registry,
    source: parts.source,
    parkMs: config.parkHours * 3_600_000,
    onResume: () => wakeAll(worker, delivery),
  });
  const worker = openWorker(deps, parts, outages, bot?.progress ?? noProgress, (job) => {
    delivery.wake();
    follower.jobEnded(job.repositoryId);
  });
  const readiness = buildReadiness({
    clock,
    keeper: store.keeper,
    outages,
    discord: bot === undefined ? undefined : () => describeDiscord(bot.state(), delivery.trouble()),
    isGeminiConfigured: false,
  });
  const recovered = await store.keeper.recover(maxCrashes);
  if (recovered.length > 0) logger.warn('jobs of an earlier process go on', { jobs: recovered });
  delivery.start();
  await outages.start();
  worker.start();
  bot?.start({ retried: () => wakeAll(worker, delivery), ready: () => void delivery.hasten() });
  const stop = async (): Promise<void> => {
    await follower.stop();
    await worker.stop(stopGraceMs);
    await outages.stop();
    await delivery.stop();
    await bot?.stop();
  };
  return { worker, wakeDelivery: () => delivery.wake(), readiness, people, follower, stop };
}

/** Opens the store, recovers, starts working and listens. */
export async function startApp(deps: AppDeps): Promise<App> {
  const { config, clock, logger, redact, secrets } = deps;
  const parts = await openParts(deps);
  const { store } = parts;
  for (const warning of config.warnings) logger.warn('setting', { warning });
  const added = await store.repositories.addUnknown(config.repositories);
  if (added > 0) logger.info('repositories imported', { added });
  const background = await startBackground(deps, parts);
  if (added > 0) followAll(background.follower, await store.repositories.list());
  const server = await buildServer({
    acceptDispatch: async (payload) =>
      acceptDispatch(
        {
          clock,
          queue: store.queue,
          repositories: store.repositories,
          audit: store.audit,
          outbox: store.outbox,
          owners: config.githubOwners,
          onAccepted: () => {
            background.worker.wake();
            background.wakeDelivery();
          },
        },
        payload,
      ),
    findReport: async (id) => store.jobLog.findReport(id),
    readiness: background.readiness,
    depth: async () => store.keeper.countDepth(),
    dispatchSecrets: () => secrets.dispatchSecrets(),
    trustProxy: config.trustProxy,
    logger,
    redact,
  });
  const url = await server.listen({ host: config.host, port: config.port });
  logger.info('listening', { url });
  return {
    url,
    stop: async () => {
      await Promise.all([server.close(), background.stop()]);
      await closeParts(parts);
    },
  };
}
