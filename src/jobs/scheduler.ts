import { createTask } from 'node-cron';
import type { Actor } from '../domain/job/actor.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { AskedRun, JobSchedule, ScheduledJobState, ScheduledRuns } from '../ports/schedule.ts';
import { pause } from '../publisher/pacing/wait.ts';
import { type Ran, runJob } from './running/run-job.ts';
import { Timetable, type WaitingRun } from './running/timetable.ts';
import type { ScheduledJob } from './scheduled-job.ts';

/** Calls back once a minute until it is stopped. */
export type Tick = (onMinute: () => void) => { stop(): void };

export interface SchedulerDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly runs: ScheduledRuns;
  readonly jobs: readonly ScheduledJob[];
  /** The time zone, from TZ_JOBS. */
  readonly zone: string;
  readonly tick: Tick;
  /** Called when a run ends: it may have written announcements. */
  readonly onRunEnded: () => void;
}

export interface Scheduler extends JobSchedule {
  /** Marks runs interrupted by the last stop, makes up for missed runs once, and then follows the clock. */
  start(): Promise<void>;
  /** Call when the clock was set: looks for due jobs at once and realigns the minutes. */
  clockSet(): void;
  /** Aborts the current run, which is made up for after the next start. */
  stop(): Promise<void>;
}

/** Runs scheduled jobs when they are due, one at a time, since they load the same database and neighbours. */
export function buildScheduler(deps: SchedulerDeps): Scheduler {
  return new CronScheduler(deps);
}

const longestMs = 60_000;
/** The shortest pause, so that a clock that was set but not followed yet ticks once a second, not continuously. */
const shortestMs = 1_000;
/**
 * The tick comes this long after a minute begins: a timer may fire a little early, and our clock may differ a little
 * from the machine's. A tick before the minute would find nothing due, and the next one, a minute later, would have
 * skipped one.
 */
const marginMs = 50;

/**
 * Ticks at this machine's minutes: the cron library is asked each time when the next one begins. Its own timer would
 * keep waiting for the minute it expected, which a step of the clock puts years away, or count every minute that
 * passed.
 */
export function everyMinute(clock: Clock): Tick {
  const minutes = createTask('* * * * *', () => undefined, { timezone: 'UTC' });
  return (onMinute) => {
    const stopping = new AbortController();
    const { signal } = stopping;
    const strike = async (): Promise<void> => {
      while (!signal.aborted) {
        const [next] = minutes.getNextRuns(1);
        const wait = (next?.getTime() ?? 0) + marginMs - clock.now();
        await pause(clock, Math.min(longestMs, Math.max(shortestMs, wait)), signal);
        if (!signal.aborted) onMinute();
      }
    };
    void strike();
    return { stop: () => stopping.abort() };
  };
}

class CronScheduler implements Scheduler {
  readonly #deps: SchedulerDeps;
  readonly #timetable: Timetable;
  readonly #stopping = new AbortController();
  #waiting: readonly WaitingRun[] = [];
  #running: { readonly name: string; readonly since: number } | undefined;
  #lane: Promise<void> | undefined;
  #ticking: { stop(): void } | undefined;

  constructor(deps: SchedulerDeps) {
    this.#deps = deps;
    this.#timetable = new Timetable(deps);
  }

  async start(): Promise<void> {
    const { logger, runs, tick } = this.#deps;
    const interrupted = await runs.recover();
    if (interrupted.length > 0) logger.warn('scheduled jobs of an earlier process', { jobs: interrupted });
    await this.#timetable.load();
    this.#look();
    this.#ticking = tick(() => this.#strike());
  }

  clockSet(): void {
    if (this.#ticking === undefined || this.#stopping.signal.aborted) return;
    this.#ticking.stop();
    this.#ticking = this.#deps.tick(() => this.#strike());
    this.#strike();
  }

  async stop(): Promise<void> {
    this.#ticking?.stop();
    this.#stopping.abort(new Error('stopping'));
    await this.#lane;
    for (const { answer } of this.#waiting) answer?.(undefined);
  }

  async list(): Promise<readonly ScheduledJobState[]> {
    return this.#timetable.list(this.#running);
  }

  async runNow(name: string, by: Actor): Promise<AskedRun> {
    const job = this.#timetable.find(name);
    if (job === undefined || this.#stopping.signal.aborted) return { kind: 'unknown' };
    const since = this.#running?.name === name ? this.#running.since : undefined;
    if (since !== undefined || this.#isTaken(name)) return { kind: 'runs-already', since };
    const { clock, runs } = this.#deps;
    const id = await new Promise<number | undefined>((resolve) => {
      const asked = { name, cause: 'asked', askedBy: by, dueAt: clock.now() } as const;
      this.#waiting = [{ job, run: asked, answer: resolve }, ...this.#waiting];
      this.#proceed();
    });
    const run = (await runs.list(name, 5)).find((known) => known.id === id);
    return run === undefined ? { kind: 'unknown' } : { kind: 'ran', run };
  }

  async turn(name: string, isOn: boolean, by: Actor): Promise<boolean> {
    return this.#timetable.turn(name, isOn, by);
  }

  /** Handles a tick; catches errors, since no caller would see them. */
  #strike(): void {
    try {
      this.#look();
    } catch (error) {
      this.#deps.logger.error('scheduled jobs could not be looked through', { error });
    }
  }

  /** Queues what is due, each job once. */
  #look(): void {
    if (this.#stopping.signal.aborted) return;
    const due = this.#timetable.listDue((name) => this.#isTaken(name));
    this.#waiting = [...this.#waiting, ...due];
    this.#proceed();
  }

  #isTaken(name: string): boolean {
    return this.#running?.name === name || this.#waiting.some(({ job }) => job.name === name);
  }

  #proceed(): void {
    this.#lane ??= this.#runWaiting().finally(() => {
      this.#lane = undefined;
    });
  }

  async #runWaiting(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const [next, ...others] = this.#waiting;
      if (next === undefined) return;
      this.#waiting = others;
      await this.#runOne(next);
    }
  }

  async #runOne({ job, run, answer }: WaitingRun): Promise<void> {
    const { clock, logger, onRunEnded } = this.#deps;
    this.#running = { name: job.name, since: clock.now() };
    let ran: Ran | undefined;
    try {
      ran = await runJob(this.#deps, job, run, this.#stopping.signal);
      this.#timetable.ended(job, run, ran.left);
    } catch (error) {
      logger.error('a scheduled job could not be written down', { job: job.name, error });
    }
    this.#running = undefined;
    onRunEnded();
    answer?.(ran?.id);
  }
}
