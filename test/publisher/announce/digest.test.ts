import { beforeEach, describe, expect, it } from 'vitest';
import type { DailyCheck } from '../../../src/domain/announcement/daily-check.ts';
import type { Digest, ExpiringCredential } from '../../../src/domain/announcement/digest.ts';
import type { WordingFallback } from '../../../src/domain/changelog/changelog.ts';
import type { Anomaly } from '../../../src/domain/job/anomaly.ts';
import type { OpenFailure } from '../../../src/domain/job/open-failure.ts';
import type { PublishedLine } from '../../../src/domain/job/work-summary.ts';
import { summarizeDrift } from '../../../src/domain/package/drift.ts';
import { tellDigest } from '../../../src/publisher/announce/digest.ts';
import { remindOfFailures } from '../../../src/publisher/announce/remind.ts';
import { openFailure } from '../watch/upkeep/check-world.ts';
import { buildToldInMemory, type ToldInMemory } from '../watch/upkeep/told-in-memory.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const gone: Anomaly = { kind: 'version-gone', name: 'com.studio.core', versions: ['1.0.0'] };
let now: number;
let told: ToldInMemory;
let failures: OpenFailure[];
let fallbacks: readonly WordingFallback[];
let published: (PublishedLine & { readonly at: number })[];
let anomalies: readonly Anomaly[];
let expiring: readonly ExpiringCredential[];

beforeEach(() => {
  now = Date.UTC(2026, 10, 2, 8);
  told = buildToldInMemory();
  failures = [];
  published = [];
  anomalies = [];
  fallbacks = [];
  expiring = [];
});

function addPublished(at: number): void {
  const job = published.length + 1;
  published.push({ name: 'com.studio.core', version: `1.${job}.0`, repository: 'studio/packages', job, at });
}

function addFailure(finishedAt: number, more: Partial<OpenFailure> = {}): void {
  const job = failures.length + 1;
  failures.push({ ...openFailure({ names: ['com.studio.ui'] }), job, finishedAt, ...more });
}

async function digest(): Promise<Digest | undefined> {
  const within = (from: number, to: number) => published.filter(({ at }) => at >= from && at < to);
  const check: DailyCheck = {
    at: now - hourMs,
    names: 3,
    unknownNames: 0,
    repositories: 1,
    unreadRepositories: 0,
    drift: summarizeDrift([]),
    anomalies,
  };
  return tellDigest(
    {
      work: {
        listFailures: async (since) => failures.filter(({ finishedAt }) => finishedAt >= since),
        listPublished: async (from, to) => within(from, to),
        summarize: async (from, to) => ({ ended: within(from, to).length, failed: 0, slowest: undefined }),
      },
      keeper: { listParked: async () => [] },
      checks: { findLast: async () => check },
      statistics: {
        listDays: async (from, to) => [from, to].map((day) => ({ ...noDay, day })),
      },
      told,
      changelogs: { countFallbacks: async () => fallbacks },
      listExpiring: async () => expiring,
    },
    now,
  );
}

const noDay = { jobs: 0, failedJobs: 0, published: 0, failed: 0, medianMs: undefined, slowestMs: undefined };

describe('the digest', () => {
  it('is not sent for a day on which nothing happened', async () => {
    expect(await digest()).toBeUndefined();
    expect(told.said).toEqual([]);
  });

  it('says once what was published, and asks for thirty days', async () => {
    addPublished(now - 2 * hourMs);
    expect((await digest())?.published).toHaveLength(1);
    expect(told.take()).toMatchObject([
      { kind: 'digest', digest: { days: [{ day: '2026-10-04' }, { day: '2026-11-02' }] } },
    ]);
    // Runs again for the same time, as after a kill.
    expect(await digest()).toBeUndefined();
    now += dayMs;
    expect(await digest()).toBeUndefined();
  });

  it('counts how often rules worded in place of the model, and why', async () => {
    addPublished(now - 2 * hourMs);
    fallbacks = [{ why: 'answered HTTP 429', times: 3 }];
    expect((await digest())?.wordedByRule).toEqual(fallbacks);
  });

  it('leaves no gap behind a day that was silent or missed', async () => {
    await digest();
    now += 2 * dayMs;
    addPublished(now - 40 * hourMs);
    expect(await digest()).toMatchObject({ from: now - 2 * dayMs, to: now, published: [{ job: 1 }] });
  });

  it('looks back no further than a week', async () => {
    await digest();
    now += 30 * dayMs;
    addPublished(now - 29 * dayMs);
    addPublished(now - 6 * dayMs);
    expect((await digest())?.published).toMatchObject([{ job: 2 }]);
  });

  it('lists an open failure when it is new, and counts it afterwards', async () => {
    addFailure(now - 2 * hourMs);
    addFailure(now - 2 * hourMs, { isDismissed: true });
    expect(await digest()).toMatchObject({ failures: [{ job: 1 }], olderFailures: 0 });
    now += dayMs;
    expect(await digest()).toBeUndefined();
    addPublished(now + hourMs);
    now += dayMs;
    expect(await digest()).toMatchObject({ failures: [], olderFailures: 1 });
  });

  it('lists an anomaly once until it changes, and again when it comes back', async () => {
    anomalies = [gone];
    expect((await digest())?.check).toMatchObject({ anomalies: [gone], olderAnomalies: 0 });
    now += dayMs;
    expect(await digest()).toBeUndefined();
    now += dayMs;
    anomalies = [{ ...gone, versions: ['1.0.0', '1.1.0'] }];
    expect((await digest())?.check).toMatchObject({ anomalies, olderAnomalies: 0 });
    now += dayMs;
    anomalies = [];
    expect(await digest()).toBeUndefined();
    now += dayMs;
    anomalies = [gone];
    expect((await digest())?.check?.anomalies).toEqual([gone]);
  });

  it('counts older anomalies beside the new ones', async () => {
    anomalies = [gone];
    await digest();
    now += dayMs;
    anomalies = [gone, { kind: 'integrity-differs', name: 'com.studio.ui', version: '2.0.0' }];
    expect((await digest())?.check).toMatchObject({ anomalies: [anomalies[1]], olderAnomalies: 1 });
  });

  it('lists a credential that expires once', async () => {
    expiring = [{ what: 'the registry’s token', expiresAt: now + 5 * dayMs }];
    expect((await digest())?.expiring).toEqual(expiring);
    now += dayMs;
    expect(await digest()).toBeUndefined();
  });
});

describe('reminders of failures', () => {
  async function remind(): Promise<number> {
    const work = {
      listFailures: async (since: number) => failures.filter(({ finishedAt }) => finishedAt >= since),
    };
    return remindOfFailures({ work, told }, now);
  }

  it('name a failure of yesterday once', async () => {
    addFailure(now - 20 * hourMs);
    expect(await remind()).toBe(1);
    now += dayMs;
    expect(await remind()).toBe(0);
    expect(told.said).toMatchObject([{ kind: 'reminder', failures: [{ job: 1 }] }]);
  });

  it('leave out what failed a moment ago, what was dismissed, and what is long past', async () => {
    addFailure(now - hourMs);
    addFailure(now - 20 * hourMs, { isDismissed: true });
    addFailure(now - 8 * dayMs);
    expect(await remind()).toBe(0);
    now += dayMs;
    expect(await remind()).toBe(1);
  });

  it('are replies for up to three failures and one message for more', async () => {
    for (let count = 0; count < 3; count++) addFailure(now - 20 * hourMs);
    await remind();
    expect(told.take()).toHaveLength(3);
    for (let count = 0; count < 4; count++) addFailure(now - 10 * hourMs);
    await remind();
    expect(told.take()).toMatchObject([{ failures: [{ job: 4 }, { job: 5 }, { job: 6 }, { job: 7 }] }]);
  });
});
