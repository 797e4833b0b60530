import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Outage } from '../../../../src/domain/failure/failure.ts';
import type { RepositoryId, Slug } from '../../../../src/domain/repository/repository.ts';
import type { Clock } from '../../../../src/ports/clock.ts';
import { type Outages, watchOutages } from '../../../../src/publisher/queue/outages/outages.ts';
import type { Store } from '../../../../src/store/store.ts';
import { silent } from '../../../bot/thread-fixture.ts';
import { dispatchOf } from '../../../store/queued-job.ts';
import { openTestStore } from '../../../store/test-store.ts';

const slug = 'studio/packages' as Slug;
const outage = new Outage('registry', 'down', 'HTTP 503');
const minuteMs = 60_000;
/** More event-loop turns than anything here needs between two sleeps. */
const turns = 60;

let folder: string;
let store: Store;
let watch: Outages;
let nowMs: number;
let sleepers: { readonly at: number; readonly wake: () => void }[];

const clock: Clock = {
  now: () => nowMs,
  monotonic: () => nowMs,
  sleep: async (ms, signal) =>
    new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error));
      sleepers.push({ at: nowMs + Math.ceil(ms), wake: resolve });
    }),
};

/** Lets time pass: sleepers wake in order, and each finishes its work before the next. */
async function pass(ms: number): Promise<void> {
  const until = nowMs + ms;
  for (;;) {
    for (let turn = 0; turn < turns; turn++) await nextTurn();
    const next = sleepers.toSorted((a, b) => a.at - b.at)[0];
    if (next === undefined || next.at > until) break;
    sleepers = sleepers.filter((sleeper) => sleeper !== next);
    nowMs = Math.max(nowMs, next.at);
    next.wake();
  }
  nowMs = until;
}

/**
 * Starts the one job, which runs whenever it may and, after this time, meets the outage as long as `meetsIt` returns
 * true.
 */
async function startJob(afterMs: number, meetsIt: () => boolean): Promise<void> {
  const run = async (): Promise<void> => {
    const job = await store.queue.claim([]);
    if (job === undefined) return;
    await clock.sleep(afterMs);
    if (!meetsIt()) return;
    watch.report(outage, slug);
    const { detail, kind } = outage;
    await store.queue.giveBack(job, { kind: 'parked', neighbour: 'registry', outage: kind, detail });
  };
  watch = watchOutages({
    ...store,
    clock,
    logger: silent,
    registry: { probe: async () => undefined },
    source: { probe: async () => undefined },
    volume: { check: async () => undefined },
    thread: { cry: async () => undefined },
    credentialsOf: () => '',
    parkMs: 2 * 3_600_000,
    onResume: () => void run(),
  });
  await store.queue.accept(dispatchOf(1 as RepositoryId, 'a'.repeat(40)));
  void run();
}

async function told(): Promise<readonly string[]> {
  return (await store.outbox.listDue(100)).map(({ announcement }) => announcement.kind);
}

beforeEach(async () => {
  nowMs = Date.UTC(2026, 0, 1);
  sleepers = [];
  folder = await mkdtemp(join(tmpdir(), 'repeated-'));
  store = await openTestStore(folder, { clock });
  await store.repositories.addUnknown([{ slug, status: 'active' }]);
});

afterEach(async () => {
  await watch.stop();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

describe('an outage that its probe does not see', () => {
  it.each([2, 30, 90, 400])(
    'is announced once when a job meets it again after %i s, and its end once',
    async (seconds) => {
      const startedAt = nowMs;
      let isThere = true;
      await startJob(seconds * 1_000, () => isThere);
      await pass(60 * minuteMs);
      expect(await told()).toEqual(['outage']);
      const [banner] = await store.outbox.listDue(1);
      const since = startedAt + seconds * 1_000;
      expect(banner?.announcement).toMatchObject({ waiting: 1, detail: 'HTTP 503', since });
      isThere = false;
      await pass(40 * minuteMs);
      expect(await told()).toEqual(['outage', 'outage-over']);
    },
  );

  it('is not announced when it was met once, or twice within seconds', async () => {
    let times = 2;
    await startJob(2_000, () => times-- > 0);
    await pass(60 * minuteMs);
    expect(await told()).toEqual([]);
  });

  it('asks a person once the job has waited for longer than PARK_HOURS, in however many pieces', async () => {
    await startJob(2_000, () => true);
    await pass(3 * 60 * minuteMs);
    expect(await told()).toContain('job-finished');
    expect((await store.keeper.countDepth()).parked).toBe(0);
  });
});
