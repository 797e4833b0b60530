import { buildServer } from '../http/server.ts';
import type { SteadyClock } from '../ports/clock.ts';
import type { Delivery } from '../publisher/announce/deliver.ts';
import {
  type AcceptResult,
  acceptDispatch,
  type DispatchPayload,
} from '../publisher/dispatch/accept-dispatch.ts';
import { type ClockWatch, watchClock } from '../publisher/pacing/clock-watch.ts';
import type { Readiness } from '../publisher/queue/readiness.ts';
import type { Worker } from '../publisher/queue/worker.ts';
import { noProgress } from '../publisher/run/progress.ts';
import { type CatalogFollower, followAll } from '../publisher/watch/catalog/follow.ts';
import { type Store, StoreDamagedError } from '../store/store.ts';
import { openWriteBacks } from './open-changelog.ts';
import { openChecks } from './open-checks.ts';
import { askOf, openCore, openFollower } from './open-core.ts';
import { openDelivery, openDiscord, openThread } from './open-discord.ts';
import { type GitHubWork, startGitHubWork } from './open-github.ts';
import { openHeartbeat } from './open-heartbeat.ts';
import { openHolds } from './open-holds.ts';
import { deferSchedule, openJobs } from './open-jobs.ts';
import { closeParts, openParts } from './open-parts.ts';
import { openReadiness } from './open-readiness.ts';
import { openOutages, openWorker, reportDisk } from './open-worker.ts';
import type { AppDeps, Parts } from './parts.ts';
import { recordStart, recordStop } from './record-process.ts';

export interface App {
  /** The URL it listens on. */
  readonly url: string;
  /** Stops within 25 s: the socket closes, requests are answered, running jobs end or are given back. */
  stop(): Promise<void>;
}

/** The dependencies of a long-lived process, whose system clock may be set while it runs. */
export interface LongLivedDeps extends AppDeps {
  readonly clock: SteadyClock;
}

const maxCrashes = 3;

interface Background {
  readonly accept: (payload: DispatchPayload) => Promise<AcceptResult>;
  readonly readiness: () => Promise<Readiness>;
  readonly follower: CatalogFollower;
  readonly github: GitHubWork;
  stop(): Promise<void>;
}

function wakeAll(...parts: readonly ({ wake(): void } | undefined)[]): void {
  for (const part of parts) part?.wake();
}

/** Recovers the jobs of the last process, then starts delivery, probes, the worker and what watches GitHub. */
export async function startBackground(deps: LongLivedDeps, parts: Parts): Promise<Background> {
  const onAccepted = (): void => wakeAll(worker, delivery);
  const cancelRunning: Worker['cancel'] = (job, by) => worker.cancel(job, by);
  const follower = openFollower(deps, parts);
  const core = openCore(deps, parts, {
    readiness: async () => readiness(),
    onChange: onAccepted,
    onActivated: (id) => follower.repositoryChanged(id),
    cancelRunning,
    registrar: { request: async (request, signal) => github.registrar.request(request, signal) },
    schedule: deferSchedule(() => scheduler),
  });
  const ask = askOf(core);
  const bot = await openDiscord(deps, parts, ask, core.jobs.schedule);
  const thread = openThread(deps, bot);
  const delivery = openDelivery(deps, parts, thread);
  const writeBacks = openWriteBacks(deps, parts);
  const outages = openOutages(deps, parts, thread, onAccepted);
  reportDisk(parts, outages);
  const worker = openWorker(deps, parts, outages, bot?.progress ?? noProgress, (job) => {
    wakeAll(delivery, writeBacks, checks, holds);
    follower.jobEnded(job.repositoryId);
  });
  const holds = openHolds(deps, parts, onAccepted);
  const checks = openChecks(deps, parts, () => worker.running() > 0);
  const readiness = openReadiness(deps, parts, { outages, bot, delivery, github: () => github.state() });
  const ofSteps = [onAccepted];
  const clockWatch = await goOn(deps, parts, ofSteps);
  startAll(delivery, writeBacks);
  await outages.start();
  worker.start();
  const accept = buildAccept(deps, parts, onAccepted);
  const github = startGitHubWork(deps, parts, accept, checks.request);
  startAll(checks, holds);
  const scheduler = openJobs(deps, parts, { github, ask, onChange: onAccepted });
  await scheduler.start();
  ofSteps.push(() => scheduler.clockSet());
  const heartbeat = openHeartbeat(deps, parts, worker);
  heartbeat?.start();
  bot?.start(() => flushSoon(deps, delivery));
  const feeding = [heartbeat, scheduler, github, checks, holds, follower, worker, outages];
  return {
    accept,
    readiness,
    follower,
    github,
    stop: async () => stopAll(...feeding, delivery, writeBacks, bot, clockWatch),
  };
}

function startAll(...loops: readonly ({ start(): void } | undefined)[]): void {
  for (const loop of loops) loop?.start();
}

/** Hurries pending announcements; if the write fails they go out at their scheduled time anyway. */
function flushSoon({ logger }: AppDeps, delivery: Delivery): void {
  delivery
    .flushSoon()
    .catch((error: unknown) => logger.warn('announcements could not be hurried', { error }));
}

/**
 * Recovers after a restart, before anything is due: stored times are moved to the current clock. `ofSteps` are called
 * whenever the clock is set.
 */
async function goOn(
  deps: LongLivedDeps,
  { store }: Parts,
  ofSteps: readonly (() => void)[],
): Promise<ClockWatch> {
  const onStep = (): void => {
    for (const hear of ofSteps) hear();
  };
  const clockWatch = watchClock({ ...deps, times: store.times, onStep });
  await clockWatch.start();
  await countCrashes(deps, store);
  await recoverJobs(deps, store);
  return clockWatch;
}

/** Counts crashes of the last process; must run while its jobs still count as running. */
async function countCrashes({ logger }: AppDeps, store: Store): Promise<void> {
  for (const left of await store.lookMarks.countCrashes())
    logger.error('a repository is left alone: two processes died while they looked at it', { ...left });
}

async function recoverJobs({ logger }: AppDeps, store: Store): Promise<void> {
  const recovered = await store.keeper.recover(maxCrashes);
  if (recovered.length > 0) logger.warn('jobs of an earlier process go on', { jobs: recovered });
}

/** Stops the parts one after another: each before the parts it feeds. */
async function stopAll(...parts: readonly ({ stop(): Promise<void> } | undefined)[]): Promise<void> {
  for (const part of parts) await part?.stop();
}

function buildAccept(
  { clock, config }: AppDeps,
  { store }: Parts,
  onAccepted: () => void,
): Background['accept'] {
  const { queue, repositories, audit, outbox } = store;
  const accept = { clock, queue, repositories, audit, outbox, owners: config.githubOwners, onAccepted };
  return async (payload) => acceptDispatch(accept, payload);
}

/** Registers new repositories from the settings; returns how many are new. */
async function importRepositories({ config, logger }: AppDeps, { store }: Parts): Promise<number> {
  for (const warning of config.warnings) logger.warn('setting', { warning });
  const added = await store.repositories.addUnknown(config.repositories);
  if (added > 0) logger.info('repositories imported', { added });
  return added;
}

/**
 * Opens the store, recovers, starts working and listens. Calls `onDamaged` when the database turns out to be damaged:
 * from then on nothing is accepted, and the app should be stopped.
 */
export async function startApp(
  deps: LongLivedDeps,
  onDamaged: (error: StoreDamagedError) => void,
): Promise<App> {
  const { config, logger, redact, secrets } = deps;
  const parts = await openParts(deps);
  const { store } = parts;
  store.onTrouble((error) => {
    if (error instanceof StoreDamagedError) onDamaged(error);
  });
  await recordStart(deps, parts);
  const added = await importRepositories(deps, parts);
  const background = await startBackground(deps, parts);
  const { accept, github, readiness } = background;
  if (added > 0) followAll(background.follower, await store.repositories.list());
  const server = await buildServer({
    acceptDispatch: accept,
    webhooks: github.webhooks,
    ...(github.identity === undefined ? {} : { identity: github.identity }),
    findReport: async (id) => store.jobLog.findReport(id),
    readiness,
    depth: async () => store.keeper.countDepth(),
    dispatchSecrets: () => secrets.dispatchSecrets(),
    network: { trustProxy: config.trustProxy },
    logger,
    redact,
  });
  const url = await server.listen({ host: config.host, port: config.port });
  logger.info('listening', { url });
  return {
    url,
    stop: async () => {
      // A failing database must not prevent the stop.
      await store.lookMarks.pardon().catch(() => undefined);
      await Promise.all([server.close(), background.stop()]);
      await recordStop(deps, parts);
      await closeParts(parts);
    },
  };
}
