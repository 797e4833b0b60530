import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Announcement } from '../../../../src/domain/announcement/announcement.ts';
import { Outage } from '../../../../src/domain/failure/failure.ts';
import type { Slug } from '../../../../src/domain/repository/repository.ts';
import { type Outages, watchOutages } from '../../../../src/publisher/queue/outages/outages.ts';
import { silent, startThread, type ThreadFixture } from '../../../bot/thread-fixture.ts';
import { claimJob, dispatchOf } from '../../../store/queued-job.ts';

const slug = 'studio/packages' as Slug;
const minuteMs = 60_000;

let fixture: ThreadFixture;
let watches: Outages[];
/** Called before each probe, with its number; the registry is down while it returns true. */
let isDown: (probe: number) => boolean | Promise<boolean>;
let probes: number;
/** The token that we send to the registry. */
let token: string;

beforeEach(async () => {
  fixture = await startThread();
  [watches, probes, token] = [[], 0, 'old'];
});

afterEach(async () => {
  await Promise.all(watches.map(async (watch) => watch.stop()));
  await fixture.stop();
});

/** Starts the outages as a process does; a second call is the process after a restart. */
async function startWatching(onResume: () => void = () => undefined): Promise<Outages> {
  const watch = watchOutages({
    ...fixture.store,
    clock: fixture.clock,
    logger: silent,
    registry: {
      probe: async () => {
        if (await isDown(++probes)) throw new Outage('registry', 'down', 'HTTP 503');
      },
    },
    source: { probe: async () => undefined },
    volume: { check: async () => undefined },
    thread: fixture.thread,
    credentialsOf: () => token,
    parkMs: 72 * 3_600_000,
    onResume,
  });
  watches.push(watch);
  await watch.start();
  return watch;
}

async function park(commit: string, repository = 'packages'): Promise<void> {
  const { store } = fixture;
  const entry = {
    slug: `studio/${repository}` as Slug,
    status: 'active',
    mode: 'live',
    branches: [],
    scopes: [],
  } as const;
  await store.repositories.addUnknown([entry]);
  const known = await store.repositories.findBySlug(entry.slug);
  await store.queue.accept(dispatchOf(known?.id ?? 0, commit.repeat(40)));
  const job = await claimJob(store.queue, ['registry']);
  await store.queue.giveBack(job, {
    kind: 'parked',
    neighbour: 'registry',
    outage: 'down',
    detail: 'HTTP 503',
  });
}

/** Delivers what is pending and returns what the thread then shows. */
async function readThread(): Promise<readonly (readonly (string | undefined)[])[]> {
  for (const { id, announcement } of await fixture.store.outbox.listDue(100)) {
    await fixture.thread.say(announcement, `announcement-${id}`);
    await fixture.store.outbox.markSent(id);
  }
  return fixture.standing().map(({ content, embeds }) => [content, embeds[0]?.title]);
}

/** Probes until the neighbour is back. */
async function waitForEnd(report: (watch: Outages) => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  report(await startWatching(resolve));
  await promise;
}

const down = new Outage('registry', 'down', 'HTTP 503');

describe('the banner of an outage', () => {
  it('is one message that follows the number of waiting jobs, and is closed at the end', async () => {
    const seen: unknown[] = [];
    isDown = async (probe) => {
      if (probe >= 8 && probe <= 10) seen.push(...(await readThread()));
      if (probe === 8) await park('b', 'second');
      if (probe === 9) await fixture.store.keeper.cancelQueued(2, 'somebody');
      return probe < 12;
    };
    await park('a');
    await waitForEnd((watch) => watch.report(down, slug));
    expect(seen).toEqual([
      ['⏳ Registry unreachable; 1 publish waits', '⏳ Registry unreachable'],
      ['⏳ Registry unreachable; 2 publishes wait', '⏳ Registry unreachable'],
      ['⏳ Registry unreachable; 1 publish waits', '⏳ Registry unreachable'],
      expect.anything(),
    ]);
    const [banner, ...others] = await readThread();
    expect(banner).toEqual([expect.stringContaining('Registry is back after'), '✅ Registry is back']);
    expect(others.map(([, title]) => title)).toEqual(['⏹️ Cancelled']);
    expect(fixture.discord.violations()).toEqual([]);
  });

  it('goes on across a restart: there is no second one, and it is closed with its original beginning', async () => {
    await park('a');
    const { promise: told, resolve: onTold } = Promise.withResolvers<void>();
    isDown = (probe) => {
      if (probe === 8) onTold();
      return true;
    };
    const startedAt = fixture.clock.now();
    const first = await startWatching();
    await told;
    await first.stop();
    expect(await readThread()).toEqual([
      ['⏳ Registry unreachable; 1 publish waits', '⏳ Registry unreachable'],
    ]);
    const end = probes + 3;
    isDown = (probe) => probe < end;
    fixture.clock.advance(30 * minuteMs);
    await waitForEnd((watch) => expect(watch.list()[0]?.since).toBe(startedAt));
    expect(await readThread()).toEqual([[expect.stringContaining('back after'), '✅ Registry is back']]);
  });

  it('is closed at the start when nothing waits for the neighbour any more', async () => {
    const banner: Announcement = {
      kind: 'outage',
      neighbour: 'registry',
      since: 1_790_000_000_000,
      detail: 'x',
      waiting: 1,
    };
    await fixture.store.outbox.add(banner, 'outage-registry-1790000000000-1');
    await readThread();
    await startWatching();
    expect((await readThread()).map(([, title]) => title)).toEqual(['✅ Registry is back']);
    await startWatching();
    expect(await fixture.store.outbox.listDue(10)).toEqual([]);
  });

  it('is not shown for an outage of a few seconds', async () => {
    await park('a');
    isDown = (probe) => probe < 3;
    await waitForEnd((watch) => watch.report(down, slug));
    expect(await readThread()).toEqual([]);
    await expect.poll(async () => fixture.store.keeper.listParked()).toEqual([]);
  });
});

describe('a long outage', () => {
  it('of six hours has one banner; all that waits goes on in order within 30 s of a successful probe', async () => {
    await park('a');
    await park('b', 'second');
    await park('c', 'third');
    const startedAt = fixture.clock.now();
    isDown = async () => {
      await readThread();
      return fixture.clock.now() - startedAt < 6 * 60 * minuteMs;
    };
    await waitForEnd((watch) => watch.report(down, slug));
    const resumedAt = fixture.clock.now();
    expect(resumedAt - startedAt).toBeGreaterThanOrEqual(6 * 60 * minuteMs);
    // Probes are five minutes apart by then, and not more.
    expect(resumedAt - startedAt).toBeLessThan(6 * 60 * minuteMs + 6 * minuteMs);
    expect(probes).toBeGreaterThan(60);
    // A message that is more than an hour old is not edited any more.
    expect(await readThread()).toEqual([
      ['⏳ Registry unreachable; 3 publishes wait', '⏳ Registry unreachable'],
      [expect.stringContaining('back after 6 h'), '✅ Registry is back'],
    ]);
    const claimed: (number | undefined)[] = [];
    for (let count = 0; count < 3; count++) claimed.push((await fixture.store.queue.claim([]))?.number);
    expect(claimed).toEqual([1, 2, 3]);
    expect(fixture.clock.now() - resumedAt).toBeLessThan(30_000);
  });

  it.each([1, 12, 30])(
    'of refused credentials ends within 30 s of another secret, after %i probes',
    async (count) => {
      await park('a');
      let changedAt = 0;
      isDown = (probe) => {
        if (probe === count) [token, changedAt] = ['new', fixture.clock.now()];
        return probe <= count;
      };
      await waitForEnd((watch) => watch.report(new Outage('registry', 'credentials', 'HTTP 401'), slug));
      expect(fixture.clock.now() - changedAt).toBeLessThan(30_000);
      expect(await fixture.store.queue.claim([])).toMatchObject({ number: 1 });
    },
  );
});
