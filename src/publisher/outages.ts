import type { Announcement } from '../domain/announcement.ts';
import { type Neighbour, neighbours, Outage } from '../domain/failure.ts';
import type { Slug } from '../domain/repository.ts';
import type { Clock } from '../ports/clock.ts';
import type { JobKeeper, ParkedJob } from '../ports/job-keeper.ts';
import type { Logger } from '../ports/logger.ts';
import type { OpenOutage, Outbox } from '../ports/outbox.ts';
import type { Registry } from '../ports/registry.ts';
import type { RepositorySource } from '../ports/repository-source.ts';

export interface OutageDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly keeper: JobKeeper;
  readonly outbox: Outbox;
  readonly registry: Pick<Registry, 'probe'>;
  readonly source: Pick<RepositorySource, 'probe'>;
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
  /** Starts probing this neighbour, if nobody does. */
  report(outage: Outage, slug: Slug): void;
  list(): readonly OutageState[];
  /** Probes for jobs that a dead process left parked. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const firstProbeMs = 1_000;
const longestProbeMs = 5 * 60_000;
/** How soon a secret that was changed is noticed. */
const lookMs = 5_000;
/** An outage this long is worth a banner; a shorter one nobody needs to read about. */
const bannerAfterMs = 20_000;
/** Down again so soon after a good probe: the same outage. */
const flapMs = 60_000;
const probeTimeoutMs = 15_000;

interface Watch {
  state: OutageState;
  /** By the monotonic clock, as `since`: what is told is never shorter than nothing. */
  readonly beganAt: number;
  readonly slug: Slug;
  delayMs: number;
  /** What the neighbour was shown last. */
  credentials: string;
  /** Jobs that waited when the banner was last changed; undefined without one. */
  announcedWaiting: number | undefined;
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

  report(outage: Outage, slug: Slug): void {
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

  #begin(outage: Outage, slug: Slug): Watch {
    const { neighbour, detail, kind } = outage;
    const now = this.#deps.clock.monotonic();
    const before = this.#ended.get(neighbour);
    const flaps = before !== undefined && now - before.at < flapMs;
    const since = flaps ? before.watch.state.since : this.#deps.clock.now();
    const delayMs = flaps ? Math.min(before.watch.delayMs * 2, longestProbeMs) : firstProbeMs;
    const announcedWaiting = flaps ? before.watch.announcedWaiting : undefined;
    return {
      state: { neighbour, since, detail, kind },
      beganAt: flaps ? before.watch.beganAt : now,
      slug,
      delayMs: Math.max(delayMs, outage.retryAfterMs ?? 0),
      credentials: this.#deps.credentialsOf(neighbour),
      announcedWaiting,
    };
  }

  async #follow(watch: Watch): Promise<void> {
    try {
      while (!this.#stopping.signal.aborted) {
        await this.#pause(watch);
        const detail = await this.#probe(watch);
        if (detail === undefined) return await this.#end(watch);
        watch.state = { ...watch.state, detail };
        watch.delayMs = Math.min(watch.delayMs * 2, longestProbeMs);
        await this.#deps.keeper.failParked(this.#deps.clock.now() - this.#deps.parkMs);
        await this.#announce(watch);
      }
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      this.#active.delete(watch.state.neighbour);
      this.#deps.logger.error('the probe of a neighbour failed unexpectedly; its jobs resume', { error });
      await this.#deps.keeper.resume(watch.state.neighbour);
      this.#deps.onResume();
    }
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

  async #probe(watch: Watch): Promise<string | undefined> {
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(probeTimeoutMs)]);
    try {
      if (watch.state.neighbour === 'registry') await this.#deps.registry.probe(signal);
      else await this.#deps.source.probe(watch.slug, signal);
      return undefined;
    } catch (error) {
      this.#stopping.signal.throwIfAborted();
      return error instanceof Outage ? error.detail : 'the probe did not finish';
    }
  }

  async #announce(watch: Watch): Promise<void> {
    const { neighbour, since, detail } = watch.state;
    if (this.#lengthOf(watch) < bannerAfterMs) return;
    const parked = await this.#deps.keeper.listParked();
    const waiting = parked.filter((job) => job.neighbour === neighbour).length;
    if (watch.announcedWaiting === waiting) return;
    watch.announcedWaiting = waiting;
    const banner: Announcement = { kind: 'outage', neighbour, since, detail, waiting };
    // The same number may come again later in an outage.
    await this.#deps.outbox.add(banner, `outage-${neighbour}-${since}-${this.#deps.clock.now()}`);
  }

  async #end(watch: Watch): Promise<void> {
    const { neighbour, since } = watch.state;
    const downMs = this.#lengthOf(watch);
    this.#active.delete(neighbour);
    this.#ended.set(neighbour, { watch, at: this.#deps.clock.monotonic() });
    const resumed = await this.#deps.keeper.resume(neighbour);
    this.#deps.logger.info('neighbour is back, jobs resume', { neighbour, resumed, downMs });
    if (watch.announcedWaiting !== undefined) await this.#tellOver(neighbour, since, since + downMs);
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
