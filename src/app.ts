import { buildLogThread } from './adapters/log-thread.ts';
import { describeDiscord } from './bot/describe-discord.ts';
import { buildServer } from './http/server.ts';
import { openWriteBacks } from './open-changelog.ts';
import { openDiscord } from './open-discord.ts';
import { openFollower, openForPeople } from './open-for-people.ts';
import { type AppDeps, closeParts, openParts, type Parts } from './open-parts.ts';
import { openOutages, openWorker } from './open-worker.ts';
import { acceptDispatch } from './publisher/accept-dispatch.ts';
import { buildCancels } from './publisher/cancel-job.ts';
import { type CatalogFollower, followAll } from './publisher/catalog/follow.ts';
import { buildDelivery } from './publisher/deliver.ts';
import { noProgress } from './publisher/progress.ts';
import { buildReadiness, type Readiness } from './publisher/readiness.ts';
import type { Worker } from './publisher/worker.ts';

export interface App {
  /** Where it listens. */
  readonly url: string;
  /** Ends within 25 s: the socket closes, requests are answered, running jobs end or are given back. */
  stop(): Promise<void>;
}

const maxCrashes = 3;
const stopGraceMs = 15_000;

interface Background {
  readonly worker: Worker;
  readonly wakeDelivery: () => void;
  readonly readiness: () => Promise<Readiness>;
  readonly follower: CatalogFollower;
  stop(): Promise<void>;
}

function wakeAll(...parts: readonly { wake(): void }[]): void {
  for (const part of parts) part.wake();
}

/** Recovers what a dead process left, then starts delivery, probes and the worker. */
export async function startBackground(deps: AppDeps, parts: Parts): Promise<Background> {
  const { clock, logger } = deps;
  const { store } = parts;
  const cancels = buildCancels({
    ...store,
    worker: { cancel: (job, by) => worker.cancel(job, by) },
    onCancelled: () => wakeAll(worker, delivery),
  });
  const follower = openFollower(deps, parts);
  const people = openForPeople(deps, parts, {
    readiness: async () => readiness(),
    onAccepted: () => wakeAll(worker, delivery),
    onActivated: (id) => follower.repositoryChanged(id),
    cancelRunning: (job, by) => worker.cancel(job, by),
  });
  const bot = await openDiscord(deps, parts, { ...people, cancels });
  const thread = bot?.thread ?? buildLogThread(logger);
  const delivery = buildDelivery({ clock, logger, outbox: store.outbox, thread });
  const writeBacks = openWriteBacks(deps, parts);
  const outages = openOutages(deps, parts, () => wakeAll(worker, delivery));
  const worker = openWorker(deps, parts, outages, bot?.progress ?? noProgress, (job) => {
    delivery.wake();
    writeBacks?.wake();
    follower.jobEnded(job.repositoryId);
  });
  const readiness = buildReadiness({
    clock,
    keeper: store.keeper,
    outages,
    discord: bot === undefined ? undefined : () => describeDiscord(bot.state(), delivery.trouble()),
    isGeminiConfigured: deps.secrets.geminiKey() !== undefined,
  });
  const recovered = await store.keeper.recover(maxCrashes);
  if (recovered.length > 0) logger.warn('jobs of an earlier process go on', { jobs: recovered });
  delivery.start();
  writeBacks?.start();
  await outages.start();
  worker.start();
  bot?.start({ retried: () => wakeAll(worker, delivery), ready: () => void delivery.hasten() });
  const stop = async (): Promise<void> => {
    await follower.stop();
    await worker.stop(stopGraceMs);
    await outages.stop();
    await delivery.stop();
    await writeBacks?.stop();
    await bot?.stop();
  };
  return { worker, wakeDelivery: () => delivery.wake(), readiness, follower, stop };
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
