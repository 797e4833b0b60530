import { describe, expect, it } from 'vitest';
import { at, begin, daily, pass, useJobWorld, world } from './daily-job.ts';
import { buildFakeJob } from './job-world.ts';
import { settle } from './virtual-clock.ts';

useJobWorld();

describe('a run that somebody asks for', () => {
  it('goes before those that wait, and moves no due time', async () => {
    const job = daily();
    await world.start([job]);
    await pass('2026-03-10T01:00Z');
    const answer = await world.scheduler().runNow('daily', 'discord:1');
    expect(answer).toMatchObject({
      kind: 'ran',
      run: { cause: 'asked', askedBy: 'discord:1', outcome: 'done' },
    });
    await pass('2026-03-10T03:00Z');
    expect(job.runs.map(({ cause }) => cause)).toEqual(['asked', 'due']);
  });

  it('is refused while the job runs already, and for an unknown job', async () => {
    const job = daily('slow', async ({ signal }) => {
      await world.clock.sleep(60_000, signal);
      return { counts: {} };
    });
    await world.start([job]);
    const first = world.scheduler().runNow('slow', 'discord:1');
    await settle();
    expect(await world.scheduler().runNow('slow', 'discord:2')).toEqual({
      kind: 'runs-already',
      since: at(begin),
    });
    expect(await world.scheduler().runNow('nothing', 'discord:2')).toEqual({ kind: 'unknown' });
    await pass('2026-03-10T00:40Z');
    expect(await first).toMatchObject({ kind: 'ran' });
    expect(job.runs).toHaveLength(1);
  });
});

describe('the list of scheduled jobs', () => {
  it('says what comes next and how the last run ended, soonest first', async () => {
    const hourly = buildFakeJob(world, 'hourly', '0 * * * *');
    const off = buildFakeJob(world, 'sleeping', 'off');
    await world.start([off, daily(), hourly]);
    await pass('2026-03-10T01:30Z');
    const states = await world.scheduler().list();
    expect(states.map(({ name, nextAt }) => [name, nextAt])).toEqual([
      ['daily', at('2026-03-10T02:00Z')],
      ['hourly', at('2026-03-10T02:00Z')],
      ['sleeping', undefined],
    ]);
    expect(states[1]?.lastRun).toMatchObject({ outcome: 'done', dueAt: at('2026-03-10T01:00Z') });
    expect(states[2]).toMatchObject({ schedule: 'off', isTurnedOn: undefined });
  });

  it('has jobs that an operator may turn on, which lasts over a restart', async () => {
    const job = { ...buildFakeJob(world, 'weekly', 'off'), scheduleWhenOn: '0 6 * * 1' };
    await world.start([job, daily()]);
    expect(await world.scheduler().turn('daily', true, 'discord:1')).toBe(false);
    await pass('2026-03-18T00:00Z');
    expect(await world.scheduler().turn('weekly', true, 'discord:1')).toBe(true);
    await world.kill();
    await world.start([job, daily()]);
    await pass('2026-03-22T00:00Z');
    expect(job.runs).toEqual([]);
    await pass('2026-03-24T00:00Z');
    expect(job.runs).toHaveLength(1);
    await world.scheduler().turn('weekly', false, 'discord:2');
    await pass('2026-04-24T00:00Z');
    expect(job.runs).toHaveLength(1);
    expect((await world.store().audit.list(5)).map(({ action, actor }) => `${action} ${actor}`)).toEqual([
      'scheduled-job-turned-off discord:2',
      'scheduled-job-turned-on discord:1',
    ]);
  });
});
