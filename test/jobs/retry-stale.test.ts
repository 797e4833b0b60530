import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Failure, failure } from '../../src/domain/failure/failure.ts';
import type { RepositoryId, Slug } from '../../src/domain/repository/repository.ts';
import { buildRetryStale } from '../../src/jobs/retry-stale.ts';
import { claimJob, commitOf, dispatchOf } from '../store/queued-job.ts';
import { type JobWorld, openJobWorld } from './job-world.ts';

const dayMs = 86_400_000;
const begin = Date.parse('2026-03-10T05:00Z');
const busy = failure('registry-busy', { detail: 'HTTP 409' });
const signal = new AbortController().signal;

let world: JobWorld;
let wakes: number;
let commits: number;

beforeEach(async () => {
  world = await openJobWorld(begin);
  [wakes, commits] = [0, 0];
  const entries = ['studio/one', 'studio/two'].map(
    (slug) => ({ slug: slug as Slug, status: 'active' }) as const,
  );
  await world.store().repositories.addUnknown(entries);
});
afterEach(async () => world.remove());

/** Makes a job of its own commit that ended like this; returns its number. */
async function fail(why: Failure, repository = 1): Promise<number> {
  const { queue } = world.store();
  const { job } = await queue.accept(dispatchOf(repository, commitOf(++commits)));
  await end(why);
  return job;
}

async function end(why: Failure): Promise<void> {
  const { queue } = world.store();
  const claimed = await claimJob(queue);
  const status = 'failed' as const;
  await queue.finish(claimed, { status, failure: why, judgedBranch: undefined, announcement: undefined });
}

async function run(): Promise<Readonly<Record<string, number>>> {
  const { staleJobs } = world.store();
  const onQueued = (): void => void wakes++;
  const job = buildRetryStale({ clock: world.clock, staleJobs, onQueued });
  return (await job.run({ cause: 'due', dueAt: world.clock.now(), signal })).counts;
}

describe('the job retry-stale', () => {
  it('retries what time may have resolved, in the same way as the Retry button', async () => {
    const job = await fail(busy);
    expect(await run()).toEqual({ failed: 1, 'tried again': 1 });
    expect(wakes).toBe(1);
    const next = await world.store().retries.findJob(job + 1);
    expect(next).toMatchObject({ requestedBy: 'job:retry-stale', report: { status: 'queued' } });
    expect((await world.store().audit.list(5)).map(({ action, actor }) => `${action} ${actor}`)).toContain(
      'job-retried job:retry-stale',
    );
  });

  it.each([
    failure('registry-rejected-package', { status: 400, detail: 'no' }),
    failure('version-not-increased', { version: '1.0.0', highest: '2.0.0' }),
    failure('registry-rejected-credentials', { since: 'today' }),
    failure('interrupted-by-restart', { crashes: 3 }),
    failure('version-withdrawn', { version: '1.0.0' }),
    failure('cancelled', { by: 'discord:1' }),
  ])('leaves $reason to people', async (why) => {
    await fail(why);
    expect(await run()).toEqual({ failed: 1, 'tried again': 0 });
    expect(wakes).toBe(0);
  });

  it.each([
    failure('registry-unavailable', { since: 'today', detail: 'HTTP 503' }),
    failure('git-host-unavailable', { since: 'today', detail: 'HTTP 503' }),
    failure('registry-did-not-store', { detail: 'not visible' }),
    failure('disk-full', {}),
    failure('timed-out', { seconds: 600 }),
    failure('internal-error', { incident: 'abcd' }),
  ])('retries $reason without waiting for a person', async (why) => {
    await fail(why);
    expect(await run()).toMatchObject({ 'tried again': 1 });
  });

  it('retries once a day and three times in all', async () => {
    await fail(busy);
    const tries: (number | undefined)[] = [];
    for (let day = 0; day < 5; day++) {
      tries.push((await run())['tried again']);
      if (tries.at(-1) === 1) await end(busy);
      // A second run on the same day.
      expect(await run()).toMatchObject({ 'tried again': 0 });
      world.clock.skipTo(world.clock.now() + dayMs);
    }
    expect(tries).toEqual([1, 1, 1, 0, 0]);
  });

  it('leaves alone what somebody followed, what is older than two weeks, and disabled repositories', async () => {
    const followed = await fail(busy);
    await fail(busy, 2);
    await world.store().retries.retry(followed, 'discord:42');
    const { register } = world.store();
    await register.change(2 as RepositoryId, { status: 'disabled' }, ['status'], 'discord:42');
    expect(await run()).toEqual({ failed: 0, 'tried again': 0 });
    await end(busy);
    world.clock.skipTo(world.clock.now() + 15 * dayMs);
    expect(await run()).toEqual({ failed: 0, 'tried again': 0 });
  });
});
