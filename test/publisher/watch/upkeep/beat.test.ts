import { describe, expect, it } from 'vitest';
import type { LiveJob } from '../../../../src/domain/job/work-summary.ts';
import type { RepositoryId } from '../../../../src/domain/repository/repository.ts';
import { type BeatDeps, beatIfWell } from '../../../../src/publisher/watch/upkeep/beat.ts';

const now = Date.UTC(2026, 10, 1);
const minuteMs = 60_000;

async function beat(more: Partial<BeatDeps> = {}) {
  let beats = 0;
  const trouble = await beatIfWell(
    {
      clock: { now: () => now, monotonic: () => now },
      heartbeat: { beat: async () => void beats++ },
      memory: { remember: async () => undefined },
      work: { listLive: async () => [] },
      workerLookedAt: () => now - minuteMs,
      deadlineMs: 10 * minuteMs,
      ...more,
    },
    new AbortController().signal,
  );
  return { beats, trouble };
}

function live(more: Partial<LiveJob>): BeatDeps['work'] {
  const job: LiveJob = {
    job: 7,
    repositoryId: 1 as RepositoryId,
    repository: 'studio/packages',
    status: 'running',
    waitingFor: null,
    since: now,
    ...more,
  };
  return { listLive: async () => [job] };
}

describe('the heartbeat of a service', () => {
  it('beats while the worker is idle', async () => {
    expect(await beat()).toEqual({ beats: 1, trouble: undefined });
  });

  it('beats while a job runs within its deadline, or is parked for however long', async () => {
    const running = await beat({ work: live({ since: now - 9 * minuteMs }) });
    const parked = await beat({ work: live({ status: 'queued', waitingFor: 'registry', since: 0 }) });
    expect([running.beats, parked.beats]).toEqual([1, 1]);
  });

  const full = { remember: async (): Promise<void> => Promise.reject(new Error('disk full')) };
  it.each([
    ['the database cannot be written', { memory: full }, 'database'],
    ['the worker never looked', { workerLookedAt: (): undefined => undefined }, 'worker'],
    ['the worker fell silent', { workerLookedAt: () => now - 3 * minuteMs }, 'worker'],
    ['a job runs beyond its deadline', { work: live({ since: now - 16 * minuteMs }) }, '#7'],
    ['a job waits for nothing', { work: live({ status: 'queued', since: now - 61 * minuteMs }) }, '#7'],
  ] as const)('stops when %s', async (_what, more, words) => {
    const { beats, trouble } = await beat(more);
    expect(beats).toBe(0);
    expect(trouble).toContain(words);
  });
});
