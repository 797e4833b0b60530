import { describe, expect, it } from 'vitest';
import type { ScheduledJob } from '../../src/jobs/scheduled-job.ts';
import { at, daily, pass, useJobWorld, world } from './daily-job.ts';
import { buildFakeJob } from './job-world.ts';
import { settle } from './virtual-clock.ts';

useJobWorld();

describe('the scheduler', () => {
  it('runs a job when it is due, and records what it did', async () => {
    const job = daily();
    await world.start([job]);
    expect(job.runs).toEqual([]);
    await pass('2026-03-12T00:00Z');
    expect(job.runs).toEqual([
      { cause: 'due', dueAt: '2026-03-10T02:00', at: '2026-03-10T02:00' },
      { cause: 'due', dueAt: '2026-03-11T02:00', at: '2026-03-11T02:00' },
    ]);
    const [last, first, ...more] = await world.store().scheduledRuns.list('daily', 10);
    expect(more).toEqual([]);
    expect(first?.dueAt).toBe(at('2026-03-10T02:00Z'));
    expect(last).toMatchObject({ cause: 'due', outcome: 'done', counts: { done: 1 }, askedBy: undefined });
  });

  it('runs nothing twice when its clock is set back by an hour, and leaves no day out', async () => {
    const job = daily();
    await world.start([job]);
    await pass('2026-03-11T02:30Z');
    world.clock.setTo(at('2026-03-11T01:30Z'));
    await pass('2026-03-13T00:00Z');
    expect(job.runs.map(({ dueAt }) => dueAt)).toEqual([
      '2026-03-10T02:00',
      '2026-03-11T02:00',
      '2026-03-12T02:00',
    ]);
  });

  it('makes up once for ten years when its clock is set forward, and goes on in time when it is set back', async () => {
    const [job, often] = [daily(), buildFakeJob(world, 'often', '0 * * * *')];
    await world.start([job, often]);
    await pass('2026-03-10T03:30Z');
    world.clock.setTo(at('2036-03-10T12:00Z'));
    await pass('2036-03-10T12:30Z');
    world.clock.setTo(at('2026-03-10T12:30Z'));
    await world.kill();
    await world.start([job, often]);
    await pass('2026-03-11T02:30Z');
    expect(job.runs.map(({ at: ranAt }) => ranAt)).toEqual([
      '2026-03-10T02:00',
      '2036-03-10T12:10',
      '2026-03-11T02:00',
    ]);
    expect(often.runs.at(-1)?.dueAt).toBe('2026-03-11T02:00');
    expect(often.runs).toHaveLength(3 + 1 + 14);
  });

  it('looks at once when it hears that its clock was set, and waits for another minute than before', async () => {
    const job = daily();
    await world.start([job]);
    world.clock.setTo(at('2026-03-10T02:00:30Z'));
    // The pending strike waits for a minute that is long past, or years away.
    world.silence();
    world.scheduler().clockSet();
    await settle();
    expect(job.runs).toMatchObject([{ dueAt: '2026-03-10T02:00' }]);
    await pass('2026-03-11T02:01Z');
    expect(job.runs).toHaveLength(2);
  });

  it('never runs a job that is off', async () => {
    const job = buildFakeJob(world, 'sleeping', 'off');
    await world.start([job]);
    await pass('2026-03-20T00:00Z');
    expect(job.runs).toEqual([]);
  });

  it('makes up once for a week of downtime, at the start, and goes on in time', async () => {
    const job = daily();
    await world.start([job]);
    await pass('2026-03-10T03:00Z');
    await world.kill();
    world.clock.skipTo(at('2026-03-17T12:00Z'));
    await world.start([job]);
    await pass('2026-03-18T03:00Z');
    expect(job.runs.slice(1)).toEqual([
      { cause: 'late', dueAt: '2026-03-17T02:00', at: '2026-03-17T12:00' },
      { cause: 'due', dueAt: '2026-03-18T02:00', at: '2026-03-18T02:00' },
    ]);
  });

  it('makes up for nothing from before a job was known, or had another schedule', async () => {
    const job = daily();
    await world.start([job]);
    await world.kill();
    world.clock.skipTo(at('2026-03-17T12:00Z'));
    const [moved, added] = [buildFakeJob(world, 'daily', '0 5 * * *'), daily('added')];
    await world.start([moved, added]);
    await pass('2026-03-17T23:00Z');
    expect([...moved.runs, ...added.runs]).toEqual([]);
  });

  it('makes up for a missed first time, although the job never ran', async () => {
    const job = daily();
    await world.start([job]);
    await world.kill();
    world.clock.skipTo(at('2026-03-11T12:00Z'));
    await world.start([job]);
    expect(job.runs).toEqual([{ cause: 'late', dueAt: '2026-03-11T02:00', at: '2026-03-11T12:00' }]);
  });

  it('runs one job at a time, in the order of their times, and none twice for that', async () => {
    let running = 0;
    const slow: ScheduledJob['run'] = async ({ signal }) => {
      expect(++running).toBe(1);
      await world.clock.sleep(20 * 60_000, signal);
      running -= 1;
      return { counts: {} };
    };
    const [first, second] = [daily('first', slow), buildFakeJob(world, 'second', '*/5 2 * * *', slow)];
    await world.start([second, first]);
    await pass('2026-03-10T02:05Z');
    await pass('2026-03-10T03:30Z');
    expect(first.runs).toHaveLength(1);
    // Both are due at 02:00; times that passed until each run ended count as one.
    expect(second.runs.map(({ at }) => at)).toEqual([
      '2026-03-10T02:00',
      '2026-03-10T02:40',
      '2026-03-10T03:10',
    ]);
  });
});
