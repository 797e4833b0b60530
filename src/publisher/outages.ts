import { type Neighbour, Outage } from '../domain/failure.ts';
import type { Slug } from '../domain/repository.ts';
import type { Clock } from '../ports/clock.ts';
import type { JobKeeper } from '../ports/job-keeper.ts';
import type { Logger } from '../ports/logger.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { Registry } from '../ports/registry.ts';
import type { RepositorySource } from '../ports/repository-source.ts';

export interface OutageDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly keeper: JobKeeper;
  readonly outbox: Outbox;
  readonly registry: Pick<Registry, 'probe'>;
  readonly source: Pick<RepositorySource, 'probe'>;
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
/** An outage this long is worth a banner; a shorter one nobody needs to read about. */
const bannerAfterMs = 20_000;
/** Down again so soon after a good probe: the same outage. */
const flapMs = 60_000;
const probeTimeoutMs = 15_000;

interface Watch {
  state: OutageState;
  readonly slug: Slug;
  delayMs: number;
  announced: boolean;
}

/** One probe per neighbour that is down; all its jobs resume on the first good answer. */
export function watchOutages(deps: OutageDeps): Outages {
  const active = new Map<Neighbour, Watch>();
  const ended = new Map<Neighbour, { readonly watch: Watch; readonly at: number }>();
  const loops = new Set<Promise<void>>();
  const stopping = new AbortController();

  function report(outage: Outage, slug: Slug): void {
    if (active.has(outage.neighbour) || stopping.signal.aborted) return;
    const watch = begin(outage, slug);
    active.set(outage.neighbour, watch);
    deps.logger.warn('neighbour down, jobs park', { neighbour: outage.neighbour, detail: outage.detail });
    const loop = follow(watch).finally(() => loops.delete(loop));
    loops.add(loop);
  }

  function begin(outage: Outage, slug: Slug): Watch {
    const { neighbour, detail, kind } = outage;
    const now = deps.clock.now();
    const before = ended.get(neighbour);
    const flaps = before !== undefined && now - before.at < flapMs;
    const since = flaps ? before.watch.state.since : now;
    const delayMs = flaps ? Math.min(before.watch.delayMs * 2, longestProbeMs) : firstProbeMs;
    const announced = flaps && before.watch.announced;
    return {
      state: { neighbour, since, detail, kind },
      slug,
      delayMs: Math.max(delayMs, outage.retryAfterMs ?? 0),
      announced,
    };
  }

  async function follow(watch: Watch): Promise<void> {
    try {
      while (!stopping.signal.aborted) {
        await deps.clock.sleep(watch.delayMs * (0.9 + Math.random() * 0.2), stopping.signal);
        const detail = await probe(watch);
        if (detail === undefined) return await end(watch);
        watch.state = { ...watch.state, detail };
        watch.delayMs = Math.min(watch.delayMs * 2, longestProbeMs);
        await deps.keeper.failParked(deps.clock.now() - deps.parkMs);
        await announce(watch);
      }
    } catch (error) {
      if (stopping.signal.aborted) return;
      active.delete(watch.state.neighbour);
      deps.logger.error('the probe of a neighbour failed unexpectedly; its jobs resume', { error });
      await deps.keeper.resume(watch.state.neighbour);
      deps.onResume();
    }
  }

  async function probe(watch: Watch): Promise<string | undefined> {
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(probeTimeoutMs)]);
    try {
      if (watch.state.neighbour === 'registry') await deps.registry.probe(signal);
      else await deps.source.probe(watch.slug, signal);
      return undefined;
    } catch (error) {
      stopping.signal.throwIfAborted();
      return error instanceof Outage ? error.detail : 'the probe did not finish';
    }
  }

  async function announce(watch: Watch): Promise<void> {
    const { neighbour, since, detail } = watch.state;
    if (watch.announced || deps.clock.now() - since < bannerAfterMs) return;
    watch.announced = true;
    await deps.outbox.add({ kind: 'outage', neighbour, since, detail }, `outage-${neighbour}-${since}`);
  }

  async function end(watch: Watch): Promise<void> {
    const { neighbour, since } = watch.state;
    const until = deps.clock.now();
    active.delete(neighbour);
    ended.set(neighbour, { watch, at: until });
    const resumed = await deps.keeper.resume(neighbour);
    deps.logger.info('neighbour is back, jobs resume', { neighbour, resumed, downMs: until - since });
    if (watch.announced) {
      await deps.outbox.add(
        { kind: 'outage-over', neighbour, since, until },
        `outage-over-${neighbour}-${until}`,
      );
    }
    deps.onResume();
  }

  async function start(): Promise<void> {
    for (const parked of await deps.keeper.listParked()) {
      report(new Outage(parked.neighbour, parked.outage, parked.detail), parked.slug);
    }
  }

  async function stop(): Promise<void> {
    stopping.abort(new Error('stopping'));
    await Promise.allSettled(loops);
  }

  return { report, list: () => [...active.values()].map((watch) => watch.state), start, stop };
}
