import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Announcement } from '../../src/domain/announcement/announcement.ts';
import type { ScheduledJob } from '../../src/jobs/scheduled-job.ts';
import { buildScheduler, type Scheduler } from '../../src/jobs/scheduler.ts';
import type { LogFields } from '../../src/ports/logger.ts';
import type { Store } from '../../src/store/store.ts';
import { openTestStore } from '../store/test-store.ts';
import { buildVirtualClock, settle, type VirtualClock } from './virtual-clock.ts';

export interface JobWorld {
  readonly clock: VirtualClock;
  readonly log: readonly { readonly level: string; readonly message: string; readonly fields: LogFields }[];
  store(): Store;
  scheduler(): Scheduler;
  /** Starts a process with these jobs. */
  start(jobs: readonly ScheduledJob[]): Promise<void>;
  /** Stops the strikes of the minutes until somebody starts them again. */
  silence(): void;
  /** Ends the process in order. */
  stop(): Promise<void>;
  /** Kills the process without notice and opens the database again. */
  kill(): Promise<void>;
  listAnnounced(): Promise<readonly Announcement[]>;
  remove(): Promise<void>;
}

/**
 * Opens a scheduler on a real database, in a time that stands still until the test advances it; it looks every ten
 * minutes.
 */
export async function openJobWorld(startMs: number, zone = 'UTC'): Promise<JobWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'jobs-'));
  const clock = buildVirtualClock(startMs, 10 * 60_000);
  const log: JobWorld['log'][number][] = [];
  const write =
    (level: string) =>
    (message: string, fields: LogFields = {}): void =>
      void log.push({ level, message, fields });
  const logger = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const redact = (text: string): string => text.replaceAll('a-secret', '***');
  const open = async (): Promise<Store> => openTestStore(folder, { clock, redact });
  let store = await open();
  let scheduler: Scheduler | undefined;
  let ticking: { stop(): void } | undefined;

  return {
    clock,
    log,
    store: () => store,
    scheduler: () => {
      if (scheduler === undefined) throw new Error('nothing was started');
      return scheduler;
    },
    start: async (jobs) => {
      const { scheduledRuns: runs } = store;
      const tick: typeof clock.tick = (onMinute) => {
        ticking = clock.tick(onMinute);
        return ticking;
      };
      scheduler = buildScheduler({ clock, logger, runs, jobs, zone, tick, onRunEnded: () => undefined });
      await scheduler.start();
      await settle();
    },
    silence: () => ticking?.stop(),
    stop: async () => {
      const stopped = scheduler?.stop();
      await settle();
      // Gives a run that ignores its signal time to be left behind.
      await clock.advanceTo(clock.now() + 10_000);
      await stopped;
    },
    kill: async () => {
      ticking?.stop();
      await store.close();
      store = await open();
    },
    listAnnounced: async () =>
      (await store.outbox.listDue(1_000, 'reports')).map(({ announcement }) => announcement),
    remove: async () => {
      ticking?.stop();
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

export interface FakeJob extends ScheduledJob {
  readonly runs: { readonly cause: string; readonly dueAt: string; readonly at: string }[];
}

/** Makes a job that records when it ran and does the given work. */
export function buildFakeJob(
  world: Pick<JobWorld, 'clock'>,
  name: string,
  schedule: string,
  work: ScheduledJob['run'] = async () => ({ counts: { done: 1 } }),
): FakeJob {
  const runs: FakeJob['runs'] = [];
  const word = (time: number): string => new Date(time).toISOString().slice(0, 16);
  return {
    name,
    about: 'Does something for a test',
    schedule,
    runs,
    run: async (context) => {
      runs.push({ cause: context.cause, dueAt: word(context.dueAt), at: word(world.clock.now()) });
      return work(context);
    },
  };
}
