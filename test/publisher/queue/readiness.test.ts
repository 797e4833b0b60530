import { beforeEach, describe, expect, it } from 'vitest';
import { DiskTrouble } from '../../../src/domain/failure/disk-trouble.ts';
import type { OutageState } from '../../../src/publisher/queue/outages/outages.ts';
import { buildReadiness, type ReadinessDeps } from '../../../src/publisher/queue/readiness.ts';

const startedAt = Date.UTC(2026, 0, 1);

let now: number;
let writes: number;
/** The database's error on a write; undefined when writes work. */
let trouble: Error | undefined;
let outages: readonly OutageState[];
let read: ReturnType<typeof buildReadiness>;

beforeEach(() => {
  [now, writes, trouble, outages] = [startedAt, 0, undefined, []];
  const deps: ReadinessDeps = {
    clock: { now: () => now, monotonic: () => now, sleep: async () => undefined },
    keeper: { countDepth: async () => ({ queued: 0, running: 0, parked: 0 }) },
    memory: {
      remember: async () => {
        writes++;
        if (trouble !== undefined) throw trouble;
      },
    },
    outages: { list: () => outages },
    discord: undefined,
    credentials: { list: async () => [] },
    isGeminiConfigured: false,
  };
  read = buildReadiness(deps);
});

const full = new DiskTrouble('full');

describe('the readiness of the store', () => {
  it('is down while it can be read but not written, from the first such answer on', async () => {
    expect((await read()).store).toMatchObject({ state: 'ok', why: null });
    trouble = full;
    now += 10_000;
    const since = new Date(now).toISOString();
    const why = 'the database cannot be written: there is no room left';
    expect((await read()).store).toEqual({ state: 'down', since, why });
    now += 60_000;
    expect((await read()).store).toEqual({ state: 'down', since, why });
    trouble = undefined;
    now += 10_000;
    expect((await read()).store).toMatchObject({ state: 'ok', why: null });
  });

  it('is tested by a write every few seconds at most, however often somebody asks', async () => {
    for (let count = 0; count < 100; count++) await read();
    expect(writes).toBe(1);
    now += 5_000;
    await read();
    expect(writes).toBe(2);
  });

  it('is tested by a write again when the clock was set back', async () => {
    await read();
    now -= 3_600_000;
    await read();
    expect(writes).toBe(2);
  });

  it('is degraded while dispatches are accepted and jobs wait for the disk', async () => {
    outages = [
      { neighbour: 'disk', since: startedAt, detail: 'there is not enough room left', kind: 'down' },
    ];
    expect((await read()).store).toEqual({
      state: 'degraded',
      since: new Date(startedAt).toISOString(),
      why: 'jobs wait for the disk: there is not enough room left',
    });
  });
});
