import type { Announcement } from '../domain/announcement.ts';
import { type Neighbour, neighbours, Outage } from '../domain/failure.ts';
import type { Slug } from '../domain/repository.ts';
import type { Clock } from '../ports/clock.ts';
import type { JobKeeper, ParkedJob } from '../ports/job-keeper.ts';
import type { Logger } from '../ports/logger.ts';
import type { OpenOutage, Outbox } from '../ports/outbox.ts';
import type { Thread } from '../ports/thread.ts';
import { type ProbeDeps, probeNeighbour } from './outage-probe.ts';

export interface OutageDeps extends ProbeDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly keeper: JobKeeper;
  readonly outbox: Outbox;
  readonly thread: Pick<Thread, 'cry'>;
  /** Tells apart what we show the neighbour: another one is tried at once. Never shown. */
  readonly credentialsOf: (neighbour: Neighbour) => string;
  /** PARK_HOURS. */
  readonly parkMs: number;
  /** Called when jobs may run again. */
  readonly onResume: () => void;
}

export interface OutageState {
  readonly neighbour: Neighbour;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly detail: string;
  readonly kind: 'down' | 'credentials';
}

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
/** An outage this long is worth a banner; a shorter one nobody needs to read about. */
const bannerAfterMs = 20_000;
/** Down again so soon after a good probe: the same outage. */
const flapMs = 60_000;

interface Watch {
  state: OutageState;
  /** By the monotonic clock, as `since`: what is told is never shorter than nothing. */
  readonly beganAt: number;
  /** Of a repository to ask for. */
  readonly slug: Slug | undefined;
  delayMs: number;
  /** What the neighbour was shown last. */
  credentials: string;
  /** Jobs that waited when the banner was last changed; undefined without one, `cried` past the outbox. */
  announcedWaiting: number | 'cried' | undefined;
  /** That the database did not take what was to be written was said. */
  hasComplained: boolean;
}

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
    const flaps = before !== undefined && now - before.at < flapMs;
    const since = flaps ? before.watch.state.since : this.#deps.clock.now();
    const delayMs = flaps ? Math.min(before.watch.delayMs * 2, longestOf(neighbour)) : firstProbeMs;
    const announcedWaiting = flaps ? before.watch.announcedWaiting : undefined;
    return {
      state: { neighbour, since, detail, kind },
      beganAt: flaps ? before.watch.beganAt : now,
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
        if (detail === undefined) return await this.#end(watch);
        watch.state = { ...watch.state, detail };
        watch.delayMs = Math.min(watch.delayMs * 2, longestOf(neighbour));
        await this.#deps.keeper.failParked(this.#deps.clock.now() - this.#deps.parkMs);
        await this.#announce(watch);
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        // Most likely a database that cannot be written: nothing was resumed then, so it is not over.
        watch.delayMs = Math.min(watch.delayMs * 2, longestDiskProbeMs);
        this.#complain(watch, error);
        if (this.#active.get(watch.state.neighbour) !== watch) return;
        await this.#tellAnyway(watch);
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

  /** A disk that takes nothing takes no announcement either, and nobody would hear of it until it is mended. */
  async #tellAnyway(watch: Watch): Promise<void> {
    const { neighbour, since, detail } = watch.state;
    const isTold = watch.announcedWaiting !== undefined;
    if (isTold || neighbour !== 'disk' || this.#lengthOf(watch) < bannerAfterMs) return;
    await this.#deps.thread.cry({ kind: 'outage', neighbour, since, detail, waiting: undefined }).then(
      () => {
        watch.announcedWaiting = 'cried';
      },
      () => undefined,
    );
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

  async #announce(watch: Watch): Promise<void> {
    const { neighbour, since, detail } = watch.state;
    if (this.#lengthOf(watch) < bannerAfterMs) return;
    const parked = await this.#deps.keeper.listParked();
    const waiting = parked.filter((job) => job.neighbour === neighbour).length;
    if (watch.announcedWaiting === waiting || watch.announcedWaiting === 'cried') return;
    const banner: Announcement = { kind: 'outage', neighbour, since, detail, waiting };
    // The same number may come again later in an outage.
    await this.#deps.outbox.add(banner, `outage-${neighbour}-${since}-${this.#deps.clock.now()}`);
    watch.announcedWaiting = waiting;
  }

  async #end(watch: Watch): Promise<void> {
    const { neighbour, since } = watch.state;
    const downMs = this.#lengthOf(watch);
    // First: whoever meets it again from here on is followed anew.
    this.#active.delete(neighbour);
    this.#ended.set(neighbour, { watch, at: this.#deps.clock.monotonic() });
    try {
      const resumed = await this.#deps.keeper.resume(neighbour);
      if (watch.announcedWaiting !== undefined) await this.#tellOver(neighbour, since, since + downMs);
      this.#deps.logger.info('neighbour is back, jobs resume', { neighbour, resumed, downMs });
    } catch (error) {
      if (!this.#active.has(neighbour)) this.#active.set(neighbour, watch);
      throw error;
    }
    this.#deps.onResume();
  }

  #lengthOf({ beganAt }: Watch): number {
    return Math.round(this.#deps.clock.monotonic() - beganAt);
  }

  async #tellOver(neighbour: Neighbour, since: number, until: number): Promise<void> {
    const over: Announcement = { kind: 'outage-over', neighbour, since, until };
    await this.#deps.outbox.add(over, `outage-over-${neighbour}-${since}-${until}`);
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
        await this.#tellOver(neighbour, banner.since, Math.max(banner.since, this.#deps.clock.now()));
      }
    }
  }

  /** The outage of a dead process goes on, under its banner if it had one. */
  #resume(job: ParkedJob, banner: OpenOutage | undefined): Watch {
    const watch = this.#begin(new Outage(job.neighbour, job.outage, job.detail), job.slug);
    const since = banner?.since ?? job.since;
    const { clock } = this.#deps;
    const beganAt = clock.monotonic() - Math.max(0, clock.now() - since);
    return { ...watch, beganAt, state: { ...watch.state, since }, announcedWaiting: banner?.waiting };
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('stopping'));
    await Promise.allSettled(this.#loops);
  }
}
