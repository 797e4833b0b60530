import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSteadyClock } from '../../src/adapters/system/steady-clock.ts';
import type { Slug } from '../../src/domain/repository/repository.ts';
import type { SteadyClock } from '../../src/ports/clock.ts';
import { type ClockWatch, watchClock } from '../../src/publisher/pacing/clock-watch.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { buildVirtualClock, settle } from '../jobs/virtual-clock.ts';
import { claimJob, dispatchOf } from './queued-job.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const yearMs = 365 * dayMs;

/** Typical steps by which a host's clock is set. */
export const steps = [-10 * yearMs, -dayMs, -hourMs, hourMs, dayMs, 10 * yearMs];

export const request = dispatchOf(1, 'a'.repeat(40));

/** A host whose clock can be set, with time that passes only when the test says so, and the database. */
export class SteppedHost {
  readonly #passed = buildVirtualClock(hourMs, 0);
  /** What the host's clock shows when no time has passed. */
  #shownMs = Date.UTC(2026, 0, 1);
  readonly folder: string;
  readonly warnings: string[] = [];
  clock: SteadyClock;
  store: Store;
  watch: ClockWatch;
  steps = 0;

  private constructor(folder: string) {
    this.folder = folder;
    this.clock = undefined as unknown as SteadyClock;
    this.store = undefined as unknown as Store;
    this.watch = undefined as unknown as ClockWatch;
  }

  static async start(): Promise<SteppedHost> {
    const host = new SteppedHost(await mkdtemp(join(tmpdir(), 'times-')));
    await host.#begin();
    const slug = 'studio/one' as Slug;
    await host.store.repositories.addUnknown([{ slug, status: 'active' }]);
    return host;
  }

  async #begin(): Promise<void> {
    this.clock = buildSteadyClock({ ...this.#passed, now: () => this.#shownMs + this.#passed.now() });
    const redact = (text: string): string => text;
    const registry = 'https://npm.studio.test/';
    this.store = await openStore({ folder: this.folder, registry, clock: this.clock, redact });
    const warn = (message: string): void => void this.warnings.push(message);
    const silent = (): void => undefined;
    const logger = { debug: silent, info: silent, warn, error: warn };
    const onStep = (): void => void this.steps++;
    this.watch = watchClock({ clock: this.clock, logger, times: this.store.times, onStep });
    await this.watch.start();
  }

  set(byMs: number): void {
    this.#shownMs += byMs;
  }

  /** Stops, lets this much time pass without a process, and starts again. */
  async restart(awayMs = 0): Promise<void> {
    await this.stop();
    this.#passed.skipTo(this.#passed.now() + awayMs);
    await this.#begin();
  }

  async pass(ms: number): Promise<void> {
    await this.#passed.advanceTo(this.#passed.now() + ms);
    await settle();
  }

  /** Makes a job that waits this long for its second attempt. */
  async postponeJob(waitMs: number): Promise<void> {
    const { queue } = this.store;
    await queue.accept(request);
    const job = await claimJob(queue);
    await queue.giveBack(job, { kind: 'retry', notBefore: this.clock.now() + waitMs });
  }

  async stop(): Promise<void> {
    await this.watch.stop();
    await this.store.close();
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true });
  }
}
