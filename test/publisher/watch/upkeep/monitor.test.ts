import { beforeEach, describe, expect, it } from 'vitest';
import { Outage } from '../../../../src/domain/failure/failure.ts';
import type { LiveJob, UnsentMessages, WorkSummary } from '../../../../src/domain/job/work-summary.ts';
import type { RepositoryId } from '../../../../src/domain/repository/repository.ts';
import { type MonitorDeps, monitor } from '../../../../src/publisher/watch/upkeep/monitor.ts';
import { buildToldInMemory, type ToldInMemory } from './told-in-memory.ts';

const hourMs = 3_600_000;
const start = Date.UTC(2026, 10, 1);
let now = start;
let told: ToldInMemory;
let summary: WorkSummary;
let live: LiveJob[];
let unsent: UnsentMessages;
let dispatchers: Map<string, number>;
let sweep: MonitorDeps['sweepDeliveries'];

beforeEach(() => {
  now = start;
  told = buildToldInMemory();
  summary = { ended: 20, failed: 0, slowest: { job: 3, repository: 'studio/packages', durationMs: 9_000 } };
  live = [];
  unsent = { count: 0, since: undefined, detail: undefined };
  dispatchers = new Map();
  sweep = async () => [];
});

/** Runs the monitor as every six hours. */
async function look() {
  now += 6 * hourMs;
  const work = {
    summarize: async () => summary,
    listLive: async () => live,
    listFailures: async () => [],
    findUnsent: async () => unsent,
    listFailingDispatchers: async () => dispatchers,
  };
  const deps = { clock: { now: () => now }, work, told, sweepDeliveries: sweep, deadlineMs: 600_000 };
  return monitor(deps, new AbortController().signal);
}

function waiting(job: number, more: Partial<LiveJob> = {}): LiveJob {
  const repositoryId = job as RepositoryId;
  return {
    job,
    repositoryId,
    repository: `studio/p${job}`,
    status: 'queued',
    waitingFor: null,
    since: now,
    ...more,
  };
}

/** Returns the kinds of what was announced since the previous call, message by message. */
function heard(): readonly (readonly string[])[] {
  return told.take().map((said) => (said.kind === 'monitor' ? said.troubles.map(({ kind }) => kind) : []));
}

describe('the monitor', () => {
  it('announces nothing when all is well, and returns the numbers of the day', async () => {
    sweep = async () => ['a', 'b'];
    expect(await look()).toMatchObject({
      ended: 20,
      failed: 0,
      slowestMs: 9_000,
      redelivered: 2,
      troubles: [],
    });
    expect(heard()).toEqual([]);
  });

  it('announces everything that is wrong in one message, once, until it changes', async () => {
    summary = { ...summary, failed: 5 };
    live = [waiting(7, { since: now - 2 * hourMs })];
    unsent = { count: 3, since: now - 2 * hourMs, detail: 'the thread is locked' };
    await look();
    expect(heard()).toEqual([['many-failures', 'stuck-job', 'messages-wait']]);
    unsent = { ...unsent, count: 9 };
    await look();
    expect(heard()).toEqual([]);
    unsent = { ...unsent, detail: 'the thread is gone' };
    live.push(waiting(8, { since: now - 2 * hourMs }));
    await look();
    expect(heard()).toEqual([['stuck-job', 'messages-wait']]);
  });

  it('announces a trouble again that was over in between', async () => {
    dispatchers.set('studio/packages', 3);
    await look();
    dispatchers.clear();
    await look();
    dispatchers.set('studio/packages', 4);
    await look();
    expect(heard()).toEqual([['dispatcher-failing'], ['dispatcher-failing']]);
  });

  it.each([
    ['a job that is parked', [waiting(1, { waitingFor: 'registry', since: 0 })]],
    [
      'a job behind one that runs',
      [
        waiting(1, { status: 'running', since: start + 6 * hourMs }),
        waiting(2, { since: 0, repositoryId: 1 as RepositoryId }),
      ],
    ],
    ['a job that waits for its next attempt', [waiting(1, { since: Number.MAX_SAFE_INTEGER })]],
    ['a job that waits for less than an hour', [waiting(1, { since: start + 5 * hourMs + 1 })]],
  ] as const)('does not call %s stuck', async (_what, jobs) => {
    live = [...jobs];
    expect((await look()).stuck).toBe(0);
  });

  it('does not call one failure of few jobs a bad day', async () => {
    summary = { ...summary, ended: 4, failed: 4 };
    expect((await look()).troubles).toEqual([]);
    summary = { ...summary, ended: 10, failed: 2 };
    expect((await look()).troubles).toEqual([]);
  });

  it('announces when many webhooks were lost, and when nobody can say', async () => {
    sweep = async () => ['a', 'b', 'c', 'd', 'e', 'f'];
    await look();
    sweep = async () => Promise.reject(new Outage('git-host', 'down', 'HTTP 503'));
    expect((await look()).redelivered).toBe(0);
    expect(heard()).toEqual([['deliveries-lost'], ['deliveries-unknown']]);
  });
});
