import type { Actor } from '../../domain/job/actor.ts';
import { type CronSchedule, parseCron } from '../../domain/schedule/cron-schedule.ts';
import { findNextDue, findPassedDue } from '../../domain/schedule/due-times.ts';
import type { Clock } from '../../ports/clock.ts';
import type { NewRun, ScheduledJobState, ScheduledRuns } from '../../ports/schedule.ts';
import type { ScheduledJob } from '../scheduled-job.ts';

export interface TimetableDeps {
  readonly clock: Clock;
  readonly runs: ScheduledRuns;
  readonly jobs: readonly ScheduledJob[];
  readonly zone: string;
}

/** A run in the queue. */
export interface WaitingRun {
  readonly job: ScheduledJob;
  readonly run: NewRun;
  /** Called with the id of the run, or undefined when there will be none. */
  readonly answer?: (id: number | undefined) => void;
}

interface Entry {
  readonly job: ScheduledJob;
  /** The schedule as text, which may be `off`. */
  text: string;
  schedule: CronSchedule | undefined;
  /** Everything due until this time is done. */
  since: number;
  /** The due time of a run that was interrupted. */
  toMakeUp: number | undefined;
  isTurnedOn: boolean | undefined;
  /** True while a run that ignored its signal is still working. */
  isLeftBehind: boolean;
}

/** A due time this long ago passed while the process was not running. */
const lateAfterMs = 5 * 60_000;
/** A job that crashes the process is made up for at most this often. */
const interruptionsMax = 3;

/** Determines which jobs are due, from their schedules and past runs. */
export class Timetable {
  readonly #deps: TimetableDeps;
  #entries: readonly Entry[] = [];

  constructor(deps: TimetableDeps) {
    this.#deps = deps;
  }

  async load(): Promise<void> {
    const entries: Entry[] = [];
    for (const job of this.#deps.jobs) entries.push(await this.#open(job));
    this.#entries = entries;
  }

  async #open(job: ScheduledJob): Promise<Entry> {
    const { runs } = this.#deps;
    const memory = await runs.remember(job.name, job.schedule);
    const isTurnedOn = job.scheduleWhenOn === undefined ? undefined : (memory.isTurnedOn ?? false);
    const text = isTurnedOn === true && job.scheduleWhenOn !== undefined ? job.scheduleWhenOn : job.schedule;
    const { lastRun, interruptedInARow } = memory;
    const isToMakeUp = lastRun?.outcome === 'interrupted' && interruptedInARow < interruptionsMax;
    return {
      job,
      text,
      schedule: parseSchedule(job.name, text),
      since: Math.max(memory.knownSince, memory.lastDueAt ?? 0),
      toMakeUp: isToMakeUp && text !== 'off' ? lastRun.dueAt : undefined,
      isTurnedOn,
      isLeftBehind: false,
    };
  }

  find(name: string): ScheduledJob | undefined {
    return this.#find(name)?.job;
  }

  #find(name: string): Entry | undefined {
    return this.#entries.find(({ job }) => job.name === name);
  }

  /** Lists due runs by their due time. */
  listDue(isTaken: (name: string) => boolean): readonly WaitingRun[] {
    const now = this.#deps.clock.now();
    const due = this.#entries.flatMap((entry) => {
      if (isTaken(entry.job.name) || entry.isLeftBehind) return [];
      this.#forgetFuture(entry, now);
      const passed = this.#findPassed(entry, now);
      const dueAt = passed ?? entry.toMakeUp;
      if (dueAt === undefined) return [];
      const isLate = passed === undefined || now - passed > lateAfterMs;
      const run: NewRun = { name: entry.job.name, cause: isLate ? 'late' : 'due', askedBy: undefined, dueAt };
      return [{ job: entry.job, run }];
    });
    return due.toSorted((a, b) => a.run.dueAt - b.run.dueAt);
  }

  /**
   * Handles a clock that was set back, when `since` is in the future. The time between is skipped, so that nothing runs
   * twice, as long as it holds at most one due time; with more, the job would stand still for longer than its schedule
   * says.
   */
  #forgetFuture(entry: Entry, now: number): void {
    const { schedule, since } = entry;
    if (schedule === undefined || since <= now) return;
    const { zone } = this.#deps;
    const first = findNextDue(schedule, zone, now);
    const second = first === undefined ? undefined : findNextDue(schedule, zone, first);
    if (second !== undefined && second <= since) entry.since = now;
  }

  #findPassed({ schedule, since }: Entry, now: number): number | undefined {
    return schedule && findPassedDue(schedule, this.#deps.zone, since, now);
  }

  /** Records the end of a run; `left` resolves when its work has really ended. */
  ended(job: ScheduledJob, { cause, dueAt }: NewRun, left: Promise<void>): void {
    const entry = this.#find(job.name);
    if (entry === undefined) return;
    entry.toMakeUp = undefined;
    if (cause !== 'asked') entry.since = Math.max(entry.since, dueAt);
    entry.isLeftBehind = true;
    void left.then(() => {
      entry.isLeftBehind = false;
    });
  }

  async turn(name: string, isOn: boolean, by: Actor): Promise<boolean> {
    const entry = this.#find(name);
    if (entry?.isTurnedOn === undefined || entry.job.scheduleWhenOn === undefined) return false;
    await this.#deps.runs.turn(name, isOn, by);
    entry.isTurnedOn = isOn;
    entry.text = isOn ? entry.job.scheduleWhenOn : entry.job.schedule;
    entry.schedule = parseSchedule(name, entry.text);
    entry.toMakeUp = undefined;
    // Due times while the job was off were not missed.
    entry.since = this.#deps.clock.now();
    return true;
  }

  async list(
    running: { readonly name: string; readonly since: number } | undefined,
  ): Promise<readonly ScheduledJobState[]> {
    const states: ScheduledJobState[] = [];
    for (const { job, text, schedule, since, isTurnedOn } of this.#entries) {
      const runs = await this.#deps.runs.list(job.name, 2);
      states.push({
        name: job.name,
        about: job.about,
        schedule: text,
        isTurnedOn,
        nextAt: schedule && findNextDue(schedule, this.#deps.zone, Math.max(since, this.#deps.clock.now())),
        runningSince: running?.name === job.name ? running.since : undefined,
        lastRun: runs.find(({ endedAt }) => endedAt !== undefined),
      });
    }
    return states.toSorted((a, b) => (a.nextAt ?? Infinity) - (b.nextAt ?? Infinity));
  }
}

/** Returns undefined for `off`. Throws for a text that the settings would have refused. */
function parseSchedule(name: string, text: string): CronSchedule | undefined {
  if (text === 'off') return undefined;
  const schedule = parseCron(text);
  if (schedule === undefined) throw new Error(`${name} has no schedule: ${text}`);
  return schedule;
}
