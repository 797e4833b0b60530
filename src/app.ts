import { mkdir } from 'node:fs/promises';
import { buildDiscordChannel } from './adapters/discord-channel.ts';
import { openDiskWorkspace } from './adapters/disk-workspace.ts';
import type { GitCommits } from './adapters/git/git-source.ts';
import type { GitHub } from './adapters/github/github.ts';
import { buildLogThread } from './adapters/log-thread.ts';
import { buildPacker } from './adapters/packer/packer.ts';
import type { RecentLog } from './adapters/recent-log.ts';
import { buildNpmRegistry } from './adapters/registry/npm-registry.ts';
import { describeDiscord, type OpenBot, openBot } from './bot/open-bot.ts';
import { openGitHub, openSource, startGitHubWork } from './compose-github.ts';
import type { Config, Secrets } from './config.ts';
import { buildServer } from './http/server.ts';
import type { Clock } from './ports/clock.ts';
import type { GitCredentials } from './ports/git-credentials.ts';
import type { Packer } from './ports/packer.ts';
import type { Registry } from './ports/registry.ts';
import type { RepositoryWriter } from './ports/repository-writer.ts';
import { type AcceptResult, acceptDispatch, type DispatchPayload } from './publisher/accept-dispatch.ts';
import { buildDelivery, type Delivery } from './publisher/deliver.ts';
import { type Outages, watchOutages } from './publisher/outages.ts';
import type { PipelineDeps } from './publisher/pipeline.ts';
import { noProgress } from './publisher/progress.ts';
import { buildReadiness, type ComponentState } from './publisher/readiness.ts';
import { buildWorker, type Worker } from './publisher/worker.ts';
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
  readonly github: GitHub;
  readonly credentials: GitCredentials;
  readonly source: GitCommits;
  readonly repositoryWriter: RepositoryWriter;
  readonly registry: Registry & { warm(): void; stop(): Promise<void> };
  readonly packer: Packer & { warm(): void };
  readonly pipeline: PipelineDeps;
}

export async function openParts(deps: AppDeps): Promise<Parts> {
  const { config, secrets, clock, logger, redact } = deps;
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const store = await openStore({ folder: config.dataDir, registry: config.registryUrl, clock, redact });
  const maxBytes = config.packageSizeMaxMb * mebibyte;
  const workspace = await openDiskWorkspace(config.dataDir);
  const github = openGitHub(deps);
  const { credentials, repositoryWriter } = github;
  const source = openSource(deps, credentials);
  const registry = buildNpmRegistry({
    url: config.registryUrl,
    token: () => secrets.npmToken() ?? '',
    requestTimeoutMs: 15_000,
    putIdleTimeoutMs: 60_000,
    packuments: store.packuments,
    clock,
    logger,
  });
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
    registry,
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
  return { store, github, credentials, source, repositoryWriter, registry, packer, pipeline };
}

export async function closeParts(parts: Parts): Promise<void> {
  await parts.packer.stop();
  await parts.registry.stop();
  await parts.source.stop();
  await parts.store.close();
}

interface Background {
  readonly outages: Outages;
  readonly worker: Worker;
  readonly wakeDelivery: () => void;
  /** Undefined when headless. */
  readonly discord: (() => ComponentState) | undefined;
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
  const worker = buildWorker({
    ...parts.pipeline,
    progress: bot?.progress ?? noProgress,
    queue: store.queue,
    outages,
    deadlineMs: config.jobDeadlineSeconds * 1000,
    mode: config.publishMode,
    concurrency: config.publishConcurrency,
    // While the fetch runs, so that the first package does not wait for the imports of the threads.
    onJobStarted: () => {
      parts.packer.warm();
      parts.registry.warm();
    },
    onJobEnded: () => delivery.wake(),
  });
  const recovered = await store.keeper.recover(maxCrashes);
  if (recovered.length > 0) logger.warn('jobs of an earlier process go on', { jobs: recovered });
  delivery.start();
  await outages.start();
  worker.start();
  bot?.start({ retried: () => wakeAll(worker, delivery), ready: () => void delivery.hasten() });
  const stop = async (): Promise<void> => {
    await worker.stop(stopGraceMs);
    await outages.stop();
    await delivery.stop();
    await bot?.stop();
  };
  const discord = bot === undefined ? undefined : () => describeDiscord(bot.state(), delivery.trouble());
  return { outages, worker, wakeDelivery: () => delivery.wake(), discord, stop };
}

function buildAccept(
  { clock, config }: AppDeps,
  { store }: Parts,
  background: Background,
): (payload: DispatchPayload) => Promise<AcceptResult> {
  const { queue, repositories, audit, outbox } = store;
  const onAccepted = (): void => {
    background.worker.wake();
    background.wakeDelivery();
  };
  const accept = { clock, queue, repositories, audit, outbox, owners: config.githubOwners, onAccepted };
  return async (payload) => acceptDispatch(accept, payload);
}

async function importRepositories({ config, logger }: AppDeps, store: Store): Promise<void> {
  for (const warning of config.warnings) logger.warn('setting', { warning });
  const added = await store.repositories.addUnknown(config.repositories);
  if (added > 0) logger.info('repositories imported', { added });
}

/** Opens the store, recovers, starts working and listens. */
export async function startApp(deps: AppDeps): Promise<App> {
  const { config, clock, logger, redact, secrets } = deps;
  const parts = await openParts(deps);
  const { store } = parts;
  await importRepositories(deps, store);
  const background = await startBackground(deps, parts);
  const accept = buildAccept(deps, parts, background);
  const github = startGitHubWork(deps, parts, accept);
  const server = await buildServer({
    acceptDispatch: accept,
    webhooks: github.webhooks,
    ...(github.identity === undefined ? {} : { identity: github.identity }),
    findReport: async (id) => store.jobLog.findReport(id),
    readiness: buildReadiness({
      clock,
      keeper: store.keeper,
      outages: background.outages,
      github: () => github.state(),
      discord: background.discord,
      isGeminiConfigured: false,
    }),
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
      await Promise.all([server.close(), background.stop(), github.stop()]);
      await closeParts(parts);
    },
  };
}
