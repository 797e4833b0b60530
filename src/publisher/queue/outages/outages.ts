import { type Neighbour, neighbours, Outage } from '../../../domain/failure/failure.ts';
import type { Slug } from '../../../domain/repository/repository.ts';
import type { OpenOutage, Outbox, Thread } from '../../../ports/announcements.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { JobKeeper, ParkedJob } from '../../../ports/jobs.ts';
import type { Logger } from '../../../ports/logger.ts';
import {
  alertOutage,
  announceOutage,
  announceOver,
  announceRepeated,
  lengthOf,
  type OutageState,
  type Watch,
} from './outage-banner.ts';
import { type ProbeDeps, probeNeighbour } from './outage-probe.ts';

export interface OutageDeps {
  readonly probes: ProbeDeps;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly keeper: JobKeeper;
  readonly outbox: Outbox;
  readonly thread: Pick<Thread, 'alert'>;
  /** Tells apart what we show the neighbour: another one is tried at once. Never shown. */
  readonly credentialsOf: (neighbour: Neighbour) => string;
  /** PARK_HOURS. */
  readonly parkMs: number;
  /** Called when jobs may run again. */
  readonly onResume: () => void;
}

export type { OutageState } from './outage-banner.ts';

export interface Outages {
  /** Starts probing this neighbour, if nobody does. Of the disk no repository needs to be known. */
  report(outage: Outage, slug: Slug | undefined): void;
  list(): readonly OutageState[];
  /** Probes for jobs that a dead process left parked. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const firstProbeMs = 1_000;
const longestProbeMs = 5 * 60_000;
/** Of the disk: it costs nobody anything, and the database is waited for in the same way. */
const longestDiskProbeMs = 15_000;
/** How soon a secret that was changed is noticed. */
const lookMs = 5_000;
/** Down again so soon after a good probe: the same outage. */
const flapMs = 60_000;
/** Of one that was told as repeated: longer than an attempt takes that meets it late. */
const calmMs = 15 * 60_000;

function longestOf(neighbour: Neighbour): number {
  return neighbour === 'disk' ? longestDiskProbeMs : longestProbeMs;
}

/** One probe per neighbour that is down; all its jobs resume on the first good answer. */
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
        const detail = await probeNeighbour(this.#deps.probes, neighbour, watch.slug, this.#stopping.signal);
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
        // Most likely a database that cannot be written: nothing was resumed then, so it is not over.
        watch.delayMs = Math.min(watch.delayMs * 2, longestDiskProbeMs);
        this.#complain(watch, error);
        if (this.#active.get(watch.state.neighbour) !== watch) return;
        await alertOutage(this.#deps, watch);
      }
    }
  }

  /** Once for each outage. */
  #complain(watch: Watch, error: unknown): void {
    if (watch.hasComplained) return;
    watch.hasComplained = true;
    const { neighbour } = watch.state;
    this.#deps.logger.error('an outage could not be written down; it is tried again', { neighbour, error });
  }

  /** About what waits for longer than PARK_HOURS. */
  async #askPeople(): Promise<void> {
    await this.#deps.keeper.failParked(this.#deps.clock.now() - this.#deps.parkMs);
  }

  /** Until the next probe; shorter when our credentials were changed meanwhile. */
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
    // First: whoever meets it again from here on is followed anew.
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

  /** What came back again and again is over when it stays away; each piece would be told otherwise. */
  #closeWhenCalm(watch: Watch, until: number): void {
    const { clock, logger } = this.#deps;
    const { neighbour } = watch.state;
    const calm = clock.sleep(calmMs, this.#stopping.signal).then(async () => {
      const isOver = !this.#active.has(neighbour) && this.#ended.get(neighbour)?.watch === watch;
      if (isOver) await this.#close(watch, until);
    });
    const loop = calm
      .catch((error: unknown) => {
        // The next start closes it.
        if (!this.#stopping.signal.aborted) logger.warn('the end of an outage is not told', { error });
      })
      .finally(() => this.#loops.delete(loop));
    this.#loops.add(loop);
  }

  async #close(watch: Watch, until: number): Promise<void> {
    const { neighbour, since } = watch.state;
    if (watch.announcedWaiting === undefined) return;
    await announceOver(this.#deps, neighbour, since, until);
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
        // Nothing waits any more: nobody would probe, and nobody would close it.
        await announceOver(
          this.#deps,
          neighbour,
          banner.since,
          Math.max(banner.since, this.#deps.clock.now()),
        );
      }
    }
  }

  /** The outage of a dead process goes on, under its banner if it had one. */
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
