import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Slug } from '../../src/domain/repository/repository.ts';
import { type RunJobDeps, runJob } from '../../src/publisher/queue/run-job.ts';
import { noProgress } from '../../src/publisher/run/progress.ts';
import { silent, startThread, type ThreadFixture } from '../bot/thread-fixture.ts';
import { dispatchOf } from '../store/queued-job.ts';

const never = new AbortController().signal;
const slug = 'studio/packages' as Slug;
const deadlineMs = 20;
const minuteMs = 60_000;

let fixture: ThreadFixture;
/** Reasons with which a fetch was aborted. */
let reasons: unknown[];
let deps: RunJobDeps;

beforeEach(async () => {
  fixture = await startThread();
  reasons = [];
  deps = {
    ...fixture.store,
    clock: fixture.clock,
    logger: silent,
    progress: noProgress,
    outages: { report: () => undefined },
    deadlineMs,
    // Ends only by its signal, like a git that hangs.
    pipeline: fetching(async (signal) => {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      reasons.push(signal.reason);
      throw signal.reason;
    }),
  };
  await fixture.store.repositories.addUnknown([{ slug, status: 'active' }]);
});
afterEach(async () => fixture.stop());

/** Makes a pipeline that never gets beyond its first step. */
function fetching(fetch: (signal: AbortSignal) => Promise<never>): RunJobDeps['pipeline'] {
  const source = { locate: async (_: unknown, signal: AbortSignal) => fetch(signal) };
  const prepare = { source, volume: { check: async () => undefined }, judge: { source } };
  return { prepare: prepare as unknown as RunJobDeps['pipeline']['prepare'], commit: () => neverReached };
}

const neverReached = {} as unknown as ReturnType<RunJobDeps['pipeline']['commit']>;

async function accept(digit: string): Promise<string> {
  const repository = await fixture.store.repositories.findBySlug(slug);
  if (repository === undefined) throw new Error('the repository was not added');
  const { id } = await fixture.store.queue.accept(dispatchOf(repository.id, digit.repeat(40)));
  return id;
}

/** Runs attempts as they become due; returns how many there were. */
async function runAttempts(most: number): Promise<number> {
  for (let attempts = 0; attempts < most; attempts++) {
    const job = await fixture.store.queue.claim([]);
    if (job === undefined) return attempts;
    await runJob(deps, job, { stop: never, cancel: never });
    fixture.clock.advance(5 * minuteMs);
  }
  return most;
}

describe('an attempt that takes longer than JOB_DEADLINE_SECONDS', () => {
  it('is ended, and repeated automatically up to five times; then a person is asked', async () => {
    const id = await accept('a');
    expect(await runAttempts(10)).toBe(5);
    expect(reasons).toHaveLength(5);
    for (const reason of reasons) expect(reason).toMatchObject({ why: 'deadline' });
    const job = (await fixture.store.jobLog.findReport(id))?.jobs.at(-1);
    expect(job).toMatchObject({ status: 'failed', failure: { reason: 'timed-out' } });
    expect(await fixture.store.outbox.listDue(10)).toHaveLength(1);
  });

  it('does not delay the repository’s next job', async () => {
    await accept('a');
    const id = await accept('b');
    expect(await runAttempts(20)).toBe(10);
    expect((await fixture.store.jobLog.findReport(id))?.jobs.at(-1)).toMatchObject({ status: 'failed' });
  });

  it('does not include one that fails in time, which is queued again without that failure', async () => {
    const { queue, jobLog } = fixture.store;
    const id = await accept('a');
    const failing = new Error('something else');
    const pipeline = fetching(async () => Promise.reject(failing));
    const job = await queue.claim([]);
    if (job === undefined) throw new Error('nothing to run');
    await runJob({ ...deps, pipeline }, job, { stop: never, cancel: never });
    expect((await jobLog.findReport(id))?.jobs.at(-1)).toMatchObject({ status: 'queued', failure: null });
  });
});
