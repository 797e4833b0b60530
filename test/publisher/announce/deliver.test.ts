import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Announcement } from '../../../src/domain/announcement/announcement.ts';
import { ThreadTrouble } from '../../../src/ports/announcements.ts';
import type { Logger } from '../../../src/ports/logger.ts';
import { buildDelivery, type Delivery } from '../../../src/publisher/announce/deliver.ts';
import type { Store } from '../../../src/store/store.ts';
import { buildJumpingClock, type JumpingClock } from '../../bot/jumping-clock.ts';
import { openTestStore } from '../../store/test-store.ts';

const silent: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const minuteMs = 60_000;

let folder: string;
let store: Store;
let clock: JumpingClock;
let startedAt: number;
/** Announcements that were said, with the time since the start. */
let said: { readonly about: number; readonly at: number }[];
let tries: number[];
/** Returns what keeps the thread from being written to; undefined while nothing does. */
let trouble: () => ThreadTrouble | undefined;
/** The announcement that is refused in every form. */
let refused: number | undefined;
let delivery: Delivery;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upm-deliver-'));
  clock = buildJumpingClock();
  startedAt = clock.now();
  store = await openTestStore(folder, { clock });
  [said, tries, trouble, refused] = [[], [], () => undefined, undefined];
  delivery = buildDelivery({
    clock,
    logger: silent,
    outbox: store.outbox,
    thread: {
      say: async (announcement) => {
        const at = clock.now() - startedAt;
        tries.push(at);
        const why = trouble();
        if (why !== undefined) throw why;
        const about = announcement.kind === 'outage' ? announcement.since : 0;
        if (about === refused) throw new ThreadTrouble('refused', 'Discord answers 400');
        said.push({ about, at });
      },
    },
  });
});

afterEach(async () => {
  await delivery.stop();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

async function announce(count: number): Promise<void> {
  for (let since = 1; since <= count; since++) {
    const banner: Announcement = { kind: 'outage', neighbour: 'registry', since, detail: 'x', waiting: 1 };
    await store.outbox.add(banner, `outage-registry-${since}`);
  }
}

const allSaid = async (count: number): Promise<void> =>
  vi.waitUntil(() => said.length === count, { timeout: 10_000, interval: 5 }).then(() => undefined);
const order = (): readonly number[] => said.map(({ about }) => about);

describe('the delivery of announcements', () => {
  it('says them in order, each once', async () => {
    await announce(120);
    delivery.start();
    await allSaid(120);
    await delivery.stop();
    expect(order()).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
  });

  it('says all of them in order after a service that was down for ten minutes', async () => {
    trouble = () =>
      clock.now() - startedAt < 10 * minuteMs
        ? new ThreadTrouble('later', 'Discord cannot be reached')
        : undefined;
    await announce(5);
    delivery.start();
    await allSaid(5);
    expect(order()).toEqual([1, 2, 3, 4, 5]);
    // Pauses grow: few tries, and the first message soon after the service came back.
    expect(tries.length).toBeLessThan(25);
    expect(said[0]?.at).toBeLessThan(16 * minuteMs);
    expect(delivery.trouble()).toBeUndefined();
  });

  it('waits for as long as the service asks for', async () => {
    trouble = () => (tries.length === 1 ? new ThreadTrouble('later', 'rate limited', 90_000) : undefined);
    await announce(1);
    delivery.start();
    await allSaid(1);
    expect(said[0]?.at).toBeGreaterThanOrEqual(90_000);
  });

  it('tries once a minute while a person must repair something, and at once when it is repaired', async () => {
    let isMended = false;
    trouble = () => (isMended ? undefined : new ThreadTrouble('blocked', 'the thread is locked: unlock it'));
    await announce(2);
    delivery.start();
    await vi.waitUntil(() => tries.length >= 5, { timeout: 10_000, interval: 1 });
    expect(delivery.trouble()).toBe('the thread is locked: unlock it');
    const gaps = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(minuteMs);
    isMended = true;
    const mendedAt = clock.now() - startedAt;
    await delivery.hasten();
    await allSaid(2);
    expect((said[0]?.at ?? 0) - mendedAt).toBeLessThan(minuteMs);
    expect(order()).toEqual([1, 2]);
    expect(delivery.trouble()).toBeUndefined();
  });

  it('goes on with the others when one is refused in every form', async () => {
    await announce(2);
    refused = 1;
    delivery.start();
    await allSaid(1);
    expect(order()).toEqual([2]);
    await vi.waitUntil(async () => (await store.outbox.listDue(10)).length === 0, { timeout: 10_000 });
  });
});
