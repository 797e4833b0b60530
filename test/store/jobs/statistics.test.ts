import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blankResult } from '../../../src/domain/job/package-result.ts';
import type { JobStatus, PackageState } from '../../../src/domain/job/report.ts';
import type { Slug } from '../../../src/domain/repository/repository.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Store } from '../../../src/store/store.ts';
import { claimJob, commitOf, dispatchOf } from '../queued-job.ts';
import { openTestStore } from '../test-store.ts';

const noon = Date.UTC(2027, 1, 28, 12);
const dayMs = 86_400_000;
let folder: string;
let store: Store;
let now: number;
let commits: number;
const clock: Clock = { now: () => now, monotonic: () => now, sleep: async () => undefined };

const open = async (): Promise<Store> => openTestStore(folder, { clock });

beforeEach(async () => {
  now = noon;
  commits = 0;
  folder = await mkdtemp(join(tmpdir(), 'statistics-'));
  store = await open();
  await store.repositories.addUnknown([{ slug: 'studio/one' as Slug, status: 'active' }]);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

async function accept(): Promise<number> {
  commits++;
  const { job } = await store.queue.accept(dispatchOf(1, commitOf(commits)));
  return job;
}

/** Makes a job that was accepted `ms` before it ends now. */
async function run(status: JobStatus, states: readonly PackageState[], ms: number): Promise<void> {
  now -= ms;
  await accept();
  now += ms;
  const job = await claimJob(store.queue);
  const results = states.map((state, index) => blankResult(`com.studio.p${index}`, `p${index}`, state));
  await store.jobLog.savePackages(job, results);
  const end = { failure: undefined, judgedBranch: undefined, announcement: undefined };
  await store.queue.finish(job, { status, ...end });
}

const quiet = {
  jobs: 0,
  failedJobs: 0,
  published: 0,
  failed: 0,
  medianMs: undefined,
  slowestMs: undefined,
};

describe('the statistics of a day', () => {
  it('count jobs and versions separately, and take their times from the jobs that published', async () => {
    await run('published', ['published', 'published', 'skipped'], 1_000);
    await run('partially-failed', ['published', 'failed', 'held'], 9_000);
    await run('failed', ['failed', 'not-attempted'], 50_000);
    await run('nothing-to-publish', ['unchanged'], 5);
    await run('published', ['published'], 4_000);
    expect(await store.statistics.listDays('2027-02-28', '2027-02-28')).toEqual([
      {
        day: '2027-02-28',
        jobs: 5,
        failedJobs: 2,
        published: 4,
        failed: 2,
        medianMs: 4_000,
        slowestMs: 9_000,
      },
    ]);
  });

  it('have the mean of the middle two as the median of an even number', async () => {
    for (const ms of [8_000, 1_000, 2_001, 4_000]) await run('published', ['published'], ms);
    const [day] = await store.statistics.listDays('2027-02-28', '2027-02-28');
    expect(day).toMatchObject({ medianMs: 3_001, slowestMs: 8_000 });
  });

  it('count jobs that no run ended: cancelled in the queue, or given up after a restart', async () => {
    await store.keeper.cancelQueued(await accept(), 'discord:7');
    await accept();
    await store.queue.claim([]);
    await store.keeper.recover(1);
    const [day] = await store.statistics.listDays('2027-02-28', '2027-02-28');
    expect(day).toEqual({ ...quiet, day: '2027-02-28', jobs: 2, failedJobs: 1 });
  });
});

describe('the days of statistics', () => {
  it('are all there, oldest first, quiet ones as zeros; a job counts on the UTC day on which it ended', async () => {
    now = Date.UTC(2027, 1, 28, 23, 59, 59, 999);
    await run('published', ['published'], 2_000);
    now += 1;
    await run('published', ['published'], 2_000);
    now += 2 * dayMs;
    await run('failed', ['failed'], 3_000);
    const days = await store.statistics.listDays('2027-02-27', '2027-03-03');
    expect(days.map(({ day, jobs, medianMs }) => [day, jobs, medianMs])).toEqual([
      ['2027-02-27', 0, undefined],
      ['2027-02-28', 1, 2_000],
      ['2027-03-01', 1, 2_000],
      ['2027-03-02', 0, undefined],
      ['2027-03-03', 1, undefined],
    ]);
    expect(days[0]).toEqual({ ...quiet, day: '2027-02-27' });
  });

  it('are none when the last lies before the first', async () => {
    expect(await store.statistics.listDays('2027-03-03', '2027-03-02')).toEqual([]);
  });
});
