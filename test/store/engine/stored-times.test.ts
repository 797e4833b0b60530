import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Announcement } from '../../../src/domain/announcement/announcement.ts';
import type { Integrity } from '../../../src/domain/package/packument.ts';
import { request, SteppedHost, steps } from '../stepped-host.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
let host: SteppedHost;

beforeEach(async () => {
  host = await SteppedHost.start();
});
afterEach(async () => {
  await host.remove();
});

async function park(): Promise<void> {
  await host.store.queue.accept(request);
  const job = await host.store.queue.claim([]);
  if (job === undefined) throw new Error('nothing to claim');
  await host.store.queue.giveBack(job, {
    kind: 'parked',
    neighbour: 'registry',
    outage: 'down',
    detail: 'HTTP 503',
  });
}

const failParked = async (minutes: number): Promise<number> =>
  host.store.keeper.failParked(host.clock.now() - minutes * minuteMs);

describe('a host whose clock is set', () => {
  it.each(steps)(
    'by %i ms lets a job wait as long as it would have, and audits the step once',
    async (by) => {
      await host.postponeJob(10_000);
      await host.pass(2_000);
      host.set(by);
      await host.pass(7_000);
      expect(await host.store.queue.claim([])).toBeUndefined();
      await host.pass(2_000);
      expect(await host.store.queue.claim([])).toMatchObject({ attempt: 2 });
      expect(host.steps).toBe(1);
      expect(host.warnings).toEqual(['the clock of this machine was set']);
      const audited = (await host.store.audit.list(10)).filter(({ action }) => action === 'clock-set');
      expect(audited.map(({ facts }) => facts)).toEqual([{ bySeconds: by / 1_000 }]);
    },
  );

  it.each(steps)('by %i ms lets messages wait as long as they would have, in their order', async (by) => {
    const banner: Announcement = {
      kind: 'outage',
      neighbour: 'registry',
      since: 1,
      detail: 'HTTP 503',
      waiting: 1,
    };
    await host.store.outbox.add(banner, 'first');
    await host.store.outbox.add(banner, 'second');
    await host.store.outbox.postpone(1, host.clock.now() + 10_000, 'no answer');
    host.set(by);
    await host.pass(9_000);
    expect(await host.store.outbox.listDue(9)).toEqual([]);
    await host.pass(2_000);
    expect((await host.store.outbox.listDue(9)).map(({ id }) => id)).toEqual([1, 2]);
  });

  it.each(steps)('by %i ms ends the wait for a neighbour neither early nor late', async (by) => {
    await park();
    await host.pass(minuteMs);
    host.set(by);
    await host.pass(minuteMs);
    expect(await failParked(3)).toBe(0);
    await host.pass(minuteMs + 1_000);
    expect(await failParked(3)).toBe(1);
    const [job] =
      (await host.store.jobLog.findReport((await host.store.queue.accept(request)).id))?.jobs ?? [];
    expect(job?.status).toBe('failed');
  });

  it.each(steps)(
    'by %i ms while no process runs delays nothing, and ends no wait for a neighbour',
    async (by) => {
      await park();
      await host.pass(2 * minuteMs);
      host.set(by);
      await host.restart();
      expect(await failParked(30)).toBe(0);
      await host.store.keeper.resume('registry');
      expect(await host.store.queue.claim([])).toMatchObject({ attempt: 1 });
    },
  );

  it.each(steps.filter((by) => by < 0))(
    'by %i ms while no process runs does not delay a retry',
    async (by) => {
      await host.postponeJob(30_000);
      host.set(by);
      await host.restart(5_000);
      await host.pass(31_000);
      expect(await host.store.queue.claim([])).toMatchObject({ attempt: 2 });
    },
  );

  it.each([
    ['sent', 10 * minuteMs],
    ['refused', 0],
  ] as const)('lets what was %s land for as long as it might have: %i ms', async (state, mayLandMs) => {
    await park();
    const tarball = { file: '/x', bytes: 1, integrity: 'sha512-x' as Integrity, shasum: 'x' };
    const draft = {
      name: 'com.a',
      version: '1.0.0',
      job: 1,
      commit: request.commit,
      path: '',
      distTag: 'latest',
    };
    const intent = await host.store.ledger.recordIntent({ ...draft, tarball });
    await host.store.ledger.markIntent(intent.id, state, host.clock.now() + mayLandMs);
    for (const by of steps) {
      host.set(by);
      await host.pass(minuteMs);
    }
    const [known] = await host.store.ledger.listIntents('com.a', '1.0.0');
    expect((known?.mayLandUntil ?? 0) - host.clock.now()).toBe(mayLandMs - steps.length * minuteMs);
  });

  it('back while no process ran is corrected from the last recorded time', async () => {
    await host.pass(30_000);
    const { id } = await host.store.queue.accept(request);
    host.set(-dayMs);
    await host.restart();
    const report = (await host.store.jobLog.findReport(id))?.jobs[0];
    expect(report?.createdAt).toBe(host.clock.now());
  });

  it('back is followed once, even when the process is killed right after that', async () => {
    await host.postponeJob(10_000);
    host.set(-dayMs);
    await host.store.times.shift(-dayMs, () => host.clock.follow(-dayMs));
    await host.restart();
    expect(host.warnings).toEqual([]);
    await host.pass(9_000);
    expect(await host.store.queue.claim([])).toBeUndefined();
    await host.pass(2_000);
    expect(await host.store.queue.claim([])).toMatchObject({ attempt: 2 });
  });

  it('forward by years makes its time doubtful for a week, so that nothing is deleted by its age', async () => {
    host.set(dayMs / 2);
    await host.pass(2_000);
    expect(await host.store.times.isDoubted()).toBe(false);
    host.set(3_650 * dayMs);
    await host.pass(2_000);
    expect(await host.store.times.isDoubted()).toBe(true);
    await host.restart(8 * dayMs - 30 * minuteMs);
    expect(await host.store.times.isDoubted()).toBe(true);
    host.set(-3_650 * dayMs);
    await host.pass(2_000);
    expect(await host.store.times.isDoubted()).toBe(false);
  });

  it('by less than a second is followed without an event or a warning', async () => {
    await host.postponeJob(10_000);
    for (const by of [700, -900]) {
      host.set(by);
      await host.pass(2_000);
      expect(host.clock.step()).toBe(0);
    }
    expect([host.steps, host.warnings]).toEqual([0, []]);
  });

  it('takes due times back that no rule explains', async () => {
    await host.postponeJob(dayMs);
    await host.pass(2 * minuteMs);
    expect(await host.store.queue.claim([])).toMatchObject({ attempt: 2 });
    expect(host.warnings).toEqual(['due times that no rule explains were taken back']);
  });

  it('never gives a stage, attempt or job a negative duration', async () => {
    const { id } = await host.store.queue.accept(request);
    const job = await host.store.queue.claim([]);
    if (job === undefined) throw new Error('nothing to claim');
    const stage = await host.store.jobLog.startStage(job, 'fetch', undefined);
    await host.pass(5_000);
    host.set(-dayMs);
    await host.pass(5_000);
    await host.store.jobLog.endStage(stage);
    const end = { status: 'published', failure: undefined, judgedBranch: undefined, announcement: undefined };
    await host.store.queue.finish(job, { ...end, status: 'published' });
    const report = (await host.store.jobLog.findReport(id))?.jobs[0];
    expect(report?.stages).toMatchObject([{ stage: 'fetch', durationMs: 10_000 }]);
    expect((report?.finishedAt ?? 0) - (report?.createdAt ?? 0)).toBe(10_000);
  });
});
