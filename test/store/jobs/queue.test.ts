import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { Neighbour } from '../../../src/domain/failure/failure.ts';
import type { DispatchRequest } from '../../../src/domain/job/report.ts';
import { claimJob, commitOf, dispatchOf, endedAs } from '../queued-job.ts';
import { folder, now, pass, reopen, secret, store, useStillStore } from '../still-store.ts';

useStillStore({ 'studio/one': 'active', 'studio/two': 'active' });

const request = (repository: number, commit: number, extra: Partial<DispatchRequest> = {}) =>
  dispatchOf(repository, commitOf(commit), extra);
const claim = async (down: readonly Neighbour[] = []) => claimJob(store.queue, down);

describe('a job that gives way', () => {
  const giveWay = async (to: readonly number[]) =>
    store.queue.giveBack(await claim(), { kind: 'gave-way', to });
  const runAll = async (): Promise<readonly number[]> => {
    const ran: number[] = [];
    for (let job = await store.queue.claim([]); job !== undefined; job = await store.queue.claim([])) {
      ran.push(job.number);
      await store.queue.finish(job, endedAs('published'));
    }
    return ran;
  };

  it('runs behind the others, in the requested order, and no other repository waits for it', async () => {
    for (const commit of [5, 3, 4, 2]) await store.queue.accept(request(1, commit));
    await store.queue.accept(request(2, 1));
    await giveWay([4, 2, 3]);
    expect(await store.history.findPosition(1)).toBe(4);
    expect(await runAll()).toEqual([4, 2, 3, 1, 5]);
  });

  it('keeps its place over a restart, and spends no attempt', async () => {
    for (const commit of [2, 1]) await store.queue.accept(request(1, commit));
    await giveWay([2]);
    await store.close();
    await reopen();
    const first = await claim();
    expect([first.number, first.attempt]).toEqual([2, 1]);
    await store.queue.finish(first, endedAs('published'));
    expect(await claim()).toMatchObject({ number: 1, attempt: 1 });
  });

  it('leaves the places of those that it does not name, and of those that ended meanwhile', async () => {
    for (const commit of [9, 8, 7, 6]) await store.queue.accept(request(1, commit));
    const job = await claim();
    await store.keeper.cancelQueued(2, 'discord:7');
    await store.queue.giveBack(job, { kind: 'gave-way', to: [2, 4] });
    expect(await runAll()).toEqual([4, 3, 1]);
  });

  it('does so a limited number of times, however many still come before it', async () => {
    await store.queue.accept(request(1, 99));
    for (let round = 1; round <= 20; round++) {
      await store.queue.accept(request(1, round));
      const job = await claim();
      const [other] = await store.queue.listWaiting(job);
      await store.queue.giveBack(job, { kind: 'gave-way', to: [other?.number ?? 0] });
      await store.queue.finish(await claim(), endedAs('published'));
    }
    await store.queue.accept(request(1, 50));
    expect(await store.queue.listWaiting(await claim())).toEqual([]);
  });
});

describe('accepting a dispatch', () => {
  it('makes one job of the same dispatch while it is queued, running or has published', async () => {
    const first = await store.queue.accept(request(1, 1));
    expect(first).toMatchObject({ job: 1, duplicate: false, status: 'queued' });
    expect(await store.queue.accept(request(1, 1))).toMatchObject({ id: first.id, job: 1, duplicate: true });
    const job = await claim();
    expect(await store.queue.accept(request(1, 1))).toMatchObject({ status: 'running', duplicate: true });
    await store.queue.finish(job, endedAs('published'));
    expect(await store.queue.accept(request(1, 1))).toMatchObject({ status: 'published', duplicate: true });
  });

  it('makes a job of everything beside one of what changed, once, and again when it has published', async () => {
    const all = request(1, 1, { everything: true });
    const { id } = await store.queue.accept(request(1, 1));
    expect(await store.queue.accept(all)).toMatchObject({ id, job: 2, duplicate: false });
    expect(await store.queue.accept(all)).toMatchObject({ job: 2, duplicate: true });
    expect(await store.queue.accept(request(1, 1))).toMatchObject({ job: 2, duplicate: true });
    for (const everything of [false, true]) {
      const job = await claim();
      expect(job.everything).toBe(everything);
      await store.queue.finish(job, endedAs('published'));
    }
    expect(await store.queue.accept(request(1, 1))).toMatchObject({ job: 2, duplicate: true });
    expect(await store.queue.accept(all)).toMatchObject({ id, job: 3, duplicate: false });
  });

  it.each([true, false])('retries a job with the same everything (%s)', async (everything) => {
    await store.queue.accept(request(1, 1, { everything }));
    await store.queue.finish(await claim(), endedAs('failed'));
    await store.retries.retry(1, 'discord:7');
    expect(await claim()).toMatchObject({ number: 2, everything });
  });

  it('makes a new job of the same dispatch after a failure, and treats another path as another dispatch', async () => {
    const first = await store.queue.accept(request(1, 1));
    await store.queue.finish(await claim(), endedAs('failed'));
    expect(await store.queue.accept(request(1, 1))).toMatchObject({ id: first.id, job: 2, duplicate: false });
    const other = await store.queue.accept(request(1, 1, { packagePath: 'Packages/a' }));
    expect(other).toMatchObject({ job: 3, duplicate: false });
    expect(other.id).not.toBe(first.id);
  });

  it('keeps no secret that stands in a commit message', async () => {
    await store.queue.accept(request(1, 1, { commitMessage: `oops ${secret}` }));
    await store.close();
    const raw = new Sqlite(join(folder, 'publisher.db'), { readonly: true });
    const row = raw.prepare('select commit_message from dispatches').pluck().get();
    raw.close();
    await reopen();
    expect(row).toBe('oops «redacted»');
  });
});

describe('claiming a job', () => {
  it('runs one job of a repository at a time, in the order of acceptance, and repositories side by side', async () => {
    for (const [repository, commit] of [
      [1, 1],
      [1, 2],
      [2, 3],
    ] as const) {
      await store.queue.accept(request(repository, commit));
    }
    const a = await claim();
    const b = await claim();
    expect([a.number, b.number]).toEqual([1, 3]);
    expect(await store.queue.claim([])).toBeUndefined();
    await store.queue.finish(a, endedAs('published'));
    expect((await claim()).number).toBe(2);
  });

  it('passes over a job that waits, without letting a later one of its repository overtake it', async () => {
    await store.queue.accept(request(1, 1));
    await store.queue.accept(request(1, 2));
    await store.queue.giveBack(await claim(), { kind: 'retry', notBefore: now + 5_000 });
    expect(await store.queue.claim([])).toBeUndefined();
    expect(await store.queue.findNextDueAt()).toBe(now + 5_000);
    pass(5_000);
    expect(await claim()).toMatchObject({ number: 1, attempt: 2 });
  });

  it('spends an attempt on a retry, and none on an outage, a stop or a version that is not visible yet', async () => {
    await store.queue.accept(request(1, 1));
    const kinds = [
      { kind: 'parked', neighbour: 'registry', outage: 'down', detail: 'HTTP 503' },
      { kind: 'released' },
      { kind: 'visibility', notBefore: 0 },
      { kind: 'retry', notBefore: 0 },
    ] as const;
    const attempts: number[] = [];
    for (const how of kinds) {
      const job = await claim();
      attempts.push(job.attempt);
      await store.queue.giveBack(job, how);
    }
    expect(attempts).toEqual([1, 1, 1, 1]);
    expect((await claim()).attempt).toBe(2);
  });
});

describe('outages in the queue', () => {
  it('park jobs in order, resume them together, and keep the time of the first parking', async () => {
    await store.queue.accept(request(1, 1));
    const parked = { kind: 'parked', neighbour: 'registry', outage: 'down', detail: 'HTTP 503' } as const;
    await store.queue.giveBack(await claim(), parked);
    expect(await store.queue.claim(['registry'])).toBeUndefined();
    expect(await store.queue.findNextDueAt()).toBeUndefined();
    const first = now;
    pass(60_000);
    expect(await store.keeper.resume('registry')).toBe(1);
    await store.queue.giveBack(await claim(['registry']), parked);
    expect(await store.keeper.listParked()).toMatchObject([{ number: 1, since: first, slug: 'studio/one' }]);
    expect(await store.keeper.countDepth()).toEqual({ queued: 1, running: 0, parked: 1 });
  });

  it('end with a question to a person after the parking time, with what the neighbour last said', async () => {
    const { id } = await store.queue.accept(request(1, 1));
    const parked = { kind: 'parked', neighbour: 'git-host', outage: 'down', detail: 'HTTP 502' } as const;
    await store.queue.giveBack(await claim(), parked);
    expect(await store.keeper.failParked(now - 1)).toBe(0);
    expect(await store.keeper.failParked(now)).toBe(1);
    const report = await store.jobLog.findReport(id);
    expect(report?.jobs[0]).toMatchObject({ status: 'failed', failure: { reason: 'git-host-unavailable' } });
    expect(await store.outbox.listDue(9)).toHaveLength(1);
  });
});

describe('the queue after a crash', () => {
  it('puts running jobs back twice and fails them at the third, with an announcement', async () => {
    const { id } = await store.queue.accept(request(1, 1));
    for (const crash of [1, 2]) {
      await claim();
      await store.close();
      await reopen();
      expect(await store.keeper.recover(3), `crash ${crash}`).toEqual([1]);
      expect(await store.outbox.listDue(9)).toEqual([]);
    }
    await claim();
    expect(await store.keeper.recover(3)).toEqual([]);
    const report = await store.jobLog.findReport(id);
    expect(report?.jobs[0]).toMatchObject({
      status: 'failed',
      failure: { reason: 'interrupted-by-restart' },
    });
    expect((await store.outbox.listDue(9))[0]?.announcement).toMatchObject({ kind: 'job-finished', job: 1 });
  });
});
