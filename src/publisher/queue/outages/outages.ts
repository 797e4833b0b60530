import { type Neighbour, neighbours, Outage } from '../../../domain/failure/failure.ts';
import type { Slug } from '../../../domain/repository/repository.ts';
import type { OpenOutage, Outbox, Thread } from '../../../ports/announcements.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { JobKeeper, ParkedJob } from '../../../ports/jobs.ts';
import type { Logger } from '../../../ports/logger.ts';
import {
  announceOutage,
  announceRepeated,
  cryOutage,
  lengthOf,
  type OutageState,
  tellOver,
  type Watch,
} from './outage-banner.ts';
import { type ProbeDeps, probeNeighbour } from './outage-probe.ts';

export interface OutageDeps extends ProbeDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly keeper: JobKeeper;
  readonly outbox: Outbox;
  readonly thread: Pick<Thread, 'cry'>;
  /**
   * Identifies the credentials that we show the neighbour, which is probed at once when they change. Never shown to
   * anybody.
   */
  readonly credentialsOf: (neighbour: Neighbour) => string;
  /** PARK_HOURS in milliseconds. */
  readonly parkMs: number;
  /** Called when jobs may run again. */
  readonly onResume: () => void;
}

export type { OutageState } from './outage-banner.ts';

export interface Outages {
  /** Starts probing this neighbour unless it is already probed. The disk needs no repository. */
  report(outage: Outage, slug: Slug | undefined): void;
  list(): readonly OutageState[];
  /** Starts probes for jobs that a dead process left parked. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const firstProbeMs = 1_000;
const longestProbeMs = 5 * 60_000;
/**
 * Longest pause between probes of the disk: they cost nobody anything, and the database is waited for in the same
 * way.
 */
const longestDiskProbeMs = 15_000;
/** How soon a changed secret is noticed. */
const lookMs = 5_000;
/** A neighbour that is down again this soon after a good probe is in the same outage. */
const flapMs = 60_000;
/**
 * Replaces `flapMs` for an outage that comes back again and again: longer than an attempt needs to meet the outage
 * late.
 */
const calmMs = 15 * 60_000;

function longestOf(neighbour: Neighbour): number {
  return neighbour === 'disk' ? longestDiskProbeMs : longestProbeMs;
}

/** Runs one probe per neighbour that is down; all its jobs resume on the first good answer. */
export function watchOutages(deps: OutageDeps): Outages {
  return new OutageWatch(deps);
}

class OutageWatch implements Outages {
  readonly #deps: OutageDeps;
  readonly #active = new Map<Neighbour, Watch>();
  readonly #ended = new Map<Neighbour, { readonly watch: Watch; readonly at: number }>();
  readonly #loops = new Set<Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(deps: OutageDeps) {
    this.#deps = deps;
  }

  report(outage: Outage, slug: Slug | undefined): void {
    if (this.#active.has(outage.neighbour) || this.#stopping.signal.aborted) return;
    this.#watch(this.#begin(outage, slug));
  }

  #watch(watch: Watch): void {
    const { neighbour, detail } = watch.state;
    this.#active.set(neighbour, watch);
    this.#deps.logger.warn('neighbour down, jobs park', { neighbour, detail });
    const loop = this.#follow(watch).finally(() => this.#loops.delete(loop));
    this.#loops.add(loop);
  }

  #begin(outage: Outage, slug: Slug | undefined): Watch {
    const { neighbour, detail, kind } = outage;
    const now = this.#deps.clock.monotonic();
    const before = this.#ended.get(neighbour);
    const flaps = before !== undefined && now - before.at < (before.watch.isRepeated ? calmMs : flapMs);
    const since = flaps ? before.watch.state.since : this.#deps.clock.now();
    const delayMs = flaps ? Math.min(before.watch.delayMs * 2, longestOf(neighbour)) : firstProbeMs;
    const announcedWaiting = flaps ? before.watch.announcedWaiting : undefined;
    return {
      state: { neighbour, since, detail, kind },
      beganAt: flaps ? before.watch.beganAt : now,
      metAt: before === undefined ? 0 : this.#deps.clock.now(),
      isRepeated: flaps,
      slug,
      delayMs: Math.max(delayMs, outage.retryAfterMs ?? 0),
      credentials: this.#deps.credentialsOf(neighbour),
      announcedWaiting,
      hasComplained: false,
    };
  }

  async #follow(watch: Watch): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#pause(watch);
        const { neighbour } = watch.state;
        const detail = await probeNeighbour(this.#deps, neighbour, watch.slug, this.#stopping.signal);
        if (detail === undefined) {
          if (await announceRepeated(this.#deps, watch)) await this.#askPeople();
          return await this.#end(watch);
        }
        watch.state = { ...watch.state, detail };
        watch.delayMs = Math.min(watch.delayMs * 2, longestOf(neighbour));
        await this.#askPeople();
        await announceOutage(this.#deps, watch);
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        // Most likely the database cannot be written. Nothing was resumed then, so the outage is not over.
        watch.delayMs = Math.min(watch.delayMs * 2, longestDiskProbeMs);
        this.#complain(watch, error);
        if (this.#active.get(watch.state.neighbour) !== watch) return;
        await cryOutage(this.#deps, watch);
      }
    }
  }

  /** Logs the error once for each outage. */
  #complain(watch: Watch, error: unknown): void {
    if (watch.hasComplained) return;
    watch.hasComplained = true;
    const { neighbour } = watch.state;
    this.#deps.logger.error('an outage could not be written down; it is tried again', { neighbour, error });
  }

  /** Fails jobs that have been parked for longer than PARK_HOURS, so that people decide about them. */
  async #askPeople(): Promise<void> {
    await this.#deps.keeper.failParked(this.#deps.clock.now() - this.#deps.parkMs);
  }

  /** Waits until the next probe, or until our credentials change. */
  async #pause(watch: Watch): Promise<void> {
    const { clock, credentialsOf } = this.#deps;
    let leftMs = watch.delayMs * (0.9 + Math.random() * 0.2);
    while (leftMs > 0) {
      const sleepMs = Math.min(leftMs, lookMs);
      await clock.sleep(sleepMs, this.#stopping.signal);
      leftMs -= sleepMs;
      const credentials = credentialsOf(watch.state.neighbour);
      if (credentials === watch.credentials) continue;
      watch.credentials = credentials;
      // A new token may take a moment until it is known everywhere.
      watch.delayMs = firstProbeMs;
      return;
    }
  }

  async #end(watch: Watch): Promise<void> {
    const { neighbour } = watch.state;
    const downMs = lengthOf(this.#deps, watch);
    const until = watch.state.since + downMs;
    // Removed first: a job that meets the outage from here on starts a new watch.
    this.#active.delete(neighbour);
    this.#ended.set(neighbour, { watch, at: this.#deps.clock.monotonic() });
    try {
      const resumed = await this.#deps.keeper.resume(neighbour);
      if (watch.isRepeated) this.#closeWhenCalm(watch, until);
      else await this.#close(watch, until);
      this.#deps.logger.info('neighbour is back, jobs resume', { neighbour, resumed, downMs });
    } catch (error) {
      if (!this.#active.has(neighbour)) this.#active.set(neighbour, watch);
      throw error;
    }
    this.#deps.onResume();
  }

  /** Ends a repeated outage only after it stayed away for a while; otherwise each piece would be announced. */
  #closeWhenCalm(watch: Watch, until: number): void {
    const { clock, logger } = this.#deps;
    const { neighbour } = watch.state;
    const calm = clock.sleep(calmMs, this.#stopping.signal).then(async () => {
      const isOver = !this.#active.has(neighbour) && this.#ended.get(neighbour)?.watch === watch;
      if (isOver) await this.#close(watch, until);
    });
    const loop = calm
      .catch((error: unknown) => {
        // The next start of the process announces the end.
        if (!this.#stopping.signal.aborted) logger.warn('the end of an outage is not told', { error });
      })
      .finally(() => this.#loops.delete(loop));
    this.#loops.add(loop);
  }

  async #close(watch: Watch, until: number): Promise<void> {
    const { neighbour, since } = watch.state;
    if (watch.announcedWaiting === undefined) return;
    await tellOver(this.#deps, neighbour, since, until);
    watch.announcedWaiting = undefined;
  }

  list(): readonly OutageState[] {
    return [...this.#active.values()].map((watch) => watch.state);
  }

  async start(): Promise<void> {
    const parked = await this.#deps.keeper.listParked();
    for (const neighbour of neighbours) {
      const banner = await this.#deps.outbox.findOpenOutage(neighbour);
      const job = parked.find((known) => known.neighbour === neighbour);
      if (job !== undefined) {
        this.#watch(this.#resume(job, banner));
      } else if (banner !== undefined) {
        // No job waits any more, so nobody would probe the neighbour or close the banner.
        await tellOver(this.#deps, neighbour, banner.since, Math.max(banner.since, this.#deps.clock.now()));
      }
    }
  }

  /** Continues the outage of a dead process, under its banner if it had one. */
  #resume(job: ParkedJob, banner: OpenOutage | undefined): Watch {
    const watch = this.#begin(new Outage(job.neighbour, job.outage, job.detail), job.slug);
    const since = banner?.since ?? job.since;
    const { clock } = this.#deps;
    const beganAt = clock.monotonic() - Math.max(0, clock.now() - since);
    const state = { ...watch.state, since };
    return { ...watch, beganAt, state, announcedWaiting: banner?.waiting };
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('stopping'));
    await Promise.allSettled(this.#loops);
  }
}
