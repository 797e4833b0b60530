import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type FaultProxy, startFaultProxy } from '../../sandbox/fault-proxy.ts';
import { startGitHost } from '../../sandbox/git-host.ts';
import { type SandboxRegistry, startRegistry } from '../../sandbox/registry.ts';
import { commitFiles, type TreeFiles } from '../../sandbox/unity-repository.ts';
import { buildGitSource, type GitPorts } from '../../src/adapters/git/git-source.ts';
import { buildNpmRegistry } from '../../src/adapters/registry/npm-registry.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import { closeParts, openParts } from '../../src/app/open-parts.ts';
import { openRun } from '../../src/app/open-pipeline.ts';
import type { AppDeps, Parts } from '../../src/app/parts.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { Announcement } from '../../src/domain/announcement/announcement.ts';
import type { Neighbour } from '../../src/domain/failure/failure.ts';
import type { JobReport } from '../../src/domain/job/report.ts';
import type { CommitSha, Slug } from '../../src/domain/repository/repository.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { JobQueue } from '../../src/ports/jobs.ts';
import type { Logger } from '../../src/ports/logger.ts';
import type { IndexDeps } from '../../src/publisher/preflight/guid-index/index-version.ts';
import { watchOutages } from '../../src/publisher/queue/outages/outages.ts';
import { type RunJobDeps, runJob } from '../../src/publisher/queue/run-job.ts';
import type { Store } from '../../src/store/store.ts';
import { dispatchOf } from '../store/queued-job.ts';

const slug = 'studio/packages';
const gitToken = 'sandbox-git-token';
const dispatchSecret = 'sandbox-dispatch-secret';
/** How long the registry may be silent here; the process allows more. */
const patienceMs = 1_500;
const silent: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** The pipeline inside the test, on real neighbours; minutes of waiting take no time. */
export interface PipelineWorld {
  /** Stands still until somebody waits, and then jumps ahead at once. */
  readonly clock: Clock;
  readonly proxy: FaultProxy;
  readonly registry: SandboxRegistry;
  /** Folder of the repository on the git host. */
  readonly bare: string;
  readonly source: GitPorts;
  readonly store: Store;
  readonly preflight: IndexDeps;
  /** Commits, dispatches, and runs attempts as they are due until the job is final or parked. */
  publish(files: TreeFiles): Promise<Published>;
  /** Publishes on request of this actor. */
  publishAs(actor: string, files: TreeFiles): Promise<Published>;
  /** Makes the pipeline believe that its registry token has changed. */
  changeToken(): void;
  /** Dispatches an existing commit. */
  dispatch(commit: CommitSha): Promise<Published>;
  /** Repeats the dispatch as Retry would. */
  again(published: Published): Promise<Published>;
  /** Resumes what was parked, as when the neighbour is back. */
  resume(published: Published): Promise<Published>;
  /** Returns what is to be announced. */
  announcements(): Promise<readonly Announcement[]>;
  stop(): Promise<void>;
}

export interface Published {
  readonly commit: CommitSha;
  readonly job: JobReport;
}

/** With `probes` a parked job waits for its neighbour as in the process; otherwise it waits for `resume`. */
export async function startPipelineWorld(options: { probes?: boolean } = {}): Promise<PipelineWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'upm-pipeline-'));
  const [host, registry] = await Promise.all([
    startGitHost({ folder: join(folder, 'git'), token: gitToken }),
    startRegistry({ folder: join(folder, 'registry') }),
  ]);
  const proxy = await startFaultProxy({ target: registry.url });
  const bare = await host.createRepository(slug);
  const { clock, advanceTo } = buildClock();
  const settings = { folder, gitUrl: host.url, registryUrl: proxy.url, npmToken: registry.token };
  const parts = await openParts({
    ...load(settings),
    clock,
    logger: { ...silent, ofJob: () => [] },
    redact: (text) => text,
  });
  const entry = { slug: slug as Slug, status: 'active', mode: 'live', branches: [], scopes: [] } as const;
  await parts.store.repositories.addUnknown([entry]);
  const impatient = buildNpmRegistry({
    url: proxy.url,
    token: () => registry.token,
    requestTimeoutMs: patienceMs,
    putIdleTimeoutMs: patienceMs,
    packuments: parts.store.packuments,
    clock,
    logger: silent,
  });
  // Uses real time, because a fetch checks its duration while it runs.
  const source = buildGitSource({
    serverUrl: host.url,
    folder: join(folder, 'data', 'own-mirrors'),
    token: () => gitToken,
    maxMirrorBytesTotal: 1024 ** 3,
    maxFetchBytes: 1024 ** 3,
    maxFiles: 10_000,
    timeoutMs: 60_000,
    clock: systemClock,
    logger: silent,
  });
  let onResume = (): void => undefined;
  const watch = watchOutages({
    ...parts.store,
    clock,
    logger: silent,
    registry: impatient,
    source,
    volume: parts.pipeline.volume,
    thread: { cry: async () => undefined },
    credentialsOf: () => '',
    parkMs: 72 * 3_600_000,
    onResume: () => onResume(),
  });
  const outages = options.probes === true ? watch : { report: () => undefined };
  const { holds, queue } = parts.store;
  const changelog = { ...parts.pipeline.changelog, history: source };
  let token = 'first';
  const registryCredentials = (): string => token;
  const own = { source, changelog, registry: impatient, registryCredentials };
  const run = openRun({ ...parts.pipeline, ...own }, { holds, outages, deadlineMs: 60_000 });
  const listDown = (): readonly Neighbour[] =>
    options.probes === true ? watch.list().map(({ neighbour }) => neighbour) : ['registry'];

  async function dispatch(commit: CommitSha, requestedBy = 'event'): Promise<Published> {
    const { id } = await accept(parts, commit, requestedBy);
    const isBack = new Promise<void>((resolve) => {
      onResume = resolve;
    });
    await runWhatIsDue(run, queue, listDown, advanceTo);
    if (options.probes === true && (await parts.store.keeper.countDepth()).parked > 0) {
      await isBack;
      await runWhatIsDue(run, queue, listDown, advanceTo);
    }
    const job = (await parts.store.jobLog.findReport(id))?.jobs.at(-1);
    if (job === undefined) throw new Error('the dispatch has no job');
    return { commit, job };
  }

  return {
    clock,
    proxy,
    registry,
    bare,
    source,
    store: parts.store,
    preflight: parts.pipeline.preflight,
    dispatch: async (commit) => dispatch(commit),
    publish: async (files) => dispatch(commitFiles(bare, { files }) as CommitSha),
    publishAs: async (actor, files) => dispatch(commitFiles(bare, { files }) as CommitSha, actor),
    changeToken: () => {
      token = 'second';
    },
    again: async ({ commit }) => dispatch(commit),
    resume: async ({ commit }) => {
      await parts.store.keeper.resume('registry');
      return dispatch(commit);
    },
    announcements: async () =>
      (await parts.store.outbox.listDue(100)).map(({ announcement }) => announcement),
    stop: async () => {
      await watch.stop();
      await impatient.stop();
      await source.stop();
      await closeParts(parts);
      await Promise.all([proxy.stop(), host.stop()]);
      await registry.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function buildClock(): { readonly clock: Clock; readonly advanceTo: (epochMs: number) => void } {
  let nowMs = Date.UTC(2026, 0, 1);
  const clock: Clock = {
    now: () => nowMs,
    monotonic: () => nowMs,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      nowMs += Math.ceil(ms);
      await nextTurn();
    },
  };
  return {
    clock,
    advanceTo: (epochMs) => {
      nowMs = Math.max(nowMs, epochMs);
    },
  };
}

function load(options: {
  readonly folder: string;
  readonly gitUrl: string;
  readonly registryUrl: string;
  readonly npmToken: string;
}): Pick<AppDeps, 'config' | 'secrets'> {
  const env = {
    DATA_DIR: join(options.folder, 'data'),
    DISPATCH_SECRET: dispatchSecret,
    GITHUB_TOKEN: gitToken,
    GITHUB_SERVER_URL: options.gitUrl,
    GITHUB_API_URL: options.gitUrl,
    GITHUB_OWNERS: 'studio',
    UPM_REGISTRY: options.registryUrl,
    NPM_TOKEN: options.npmToken,
    PACKAGE_SCOPES: 'com.studio',
  };
  const loaded = loadConfig(env, options.folder);
  if (loaded.kind === 'problems') throw new Error(loaded.text);
  return loaded;
}

async function accept(
  parts: Parts,
  commit: CommitSha,
  requestedBy: string,
): Promise<{ readonly id: string }> {
  const repository = await parts.store.repositories.findBySlug(slug as Slug);
  if (repository === undefined) throw new Error('the repository was not added');
  return parts.store.queue.accept(dispatchOf(repository.id, commit, { requestedBy }));
}

/** Does what the worker does, one job at a time: claims, runs, and lets time pass until the next one is due. */
async function runWhatIsDue(
  run: RunJobDeps,
  queue: JobQueue,
  listDown: () => readonly Neighbour[],
  advanceTo: (epochMs: number) => void,
): Promise<void> {
  const never = new AbortController().signal;
  for (;;) {
    const job = await queue.claim(listDown());
    if (job !== undefined) {
      await runJob(run, job, { stop: never, cancel: never });
      continue;
    }
    const dueAt = await queue.findNextDueAt();
    if (dueAt === undefined) return;
    advanceTo(dueAt);
  }
}
