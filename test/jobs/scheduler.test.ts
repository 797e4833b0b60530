import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failure, Outage, PublishError } from '../../src/domain/failure.ts';
import type { ScheduledJob } from '../../src/jobs/scheduled-job.ts';
import { buildFakeJob, type FakeJob, type JobWorld, openJobWorld } from './job-world.ts';
import { settle } from './virtual-clock.ts';

const at = (iso: string): number => Date.parse(iso);
const begin = '2026-03-10T00:30Z';
let world: JobWorld;

beforeEach(async () => {
  world = await openJobWorld(at(begin));
});
afterEach(async () => {
  await world.stop();
  await world.remove();
});

const daily = (name = 'daily', work?: ScheduledJob['run']): FakeJob =>
  buildFakeJob(world, name, '0 2 * * *', work);
const pass = async (iso: string): Promise<void> => world.clock.advanceTo(at(iso));

describe('the scheduler', () => {
  it('runs a job when it is due, and writes down what it did', async () => {
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

  it('makes ten years up once when its clock is set forth, and goes on in time when it is set back', async () => {
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
    // What was to strike waits for a minute that is long past, or years away.
    world.silence();
    world.scheduler().clockSet();
    await settle();
    expect(job.runs).toMatchObject([{ dueAt: '2026-03-10T02:00' }]);
    await pass('2026-03-11T02:01Z');
    expect(job.runs).toHaveLength(2);
  });

  it('never runs one that is off', async () => {
    const job = buildFakeJob(world, 'sleeping', 'off');
    await world.start([job]);
    await pass('2026-03-20T00:00Z');
    expect(job.runs).toEqual([]);
  });

  it('makes up a week of downtime once, at the start, and goes on in time', async () => {
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

  it('makes nothing up for the time before a job was known, or had another schedule', async () => {
    const job = daily();
    await world.start([job]);
    await world.kill();
    world.clock.skipTo(at('2026-03-17T12:00Z'));
    const [moved, added] = [buildFakeJob(world, 'daily', '0 5 * * *'), daily('added')];
    await world.start([moved, added]);
    await pass('2026-03-17T23:00Z');
    expect([...moved.runs, ...added.runs]).toEqual([]);
  });

  it('makes a missed first time up, although the job never ran', async () => {
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
    // Due at 02:00 with the first; what passed until each of its runs ended is one.
    expect(second.runs.map(({ at }) => at)).toEqual([
      '2026-03-10T02:00',
      '2026-03-10T02:40',
      '2026-03-10T03:10',
    ]);
  });
});

describe('a run that does not end well', () => {
  it('is a failed run, and nothing stops because of it', async () => {
    const failures = [
      new Outage('registry', 'down', 'HTTP 503'),
      new PublishError(failure('disk-full', {})),
      new Error('the token is a-secret'),
    ];
    const job = daily('shaky', async () => {
      const next = failures.shift();
      if (next !== undefined) throw next;
      return { counts: {} };
    });
    await world.start([job]);
    await pass('2026-03-14T00:00Z');
    const runs = await world.store().scheduledRuns.list('shaky', 10);
    expect(runs.map(({ outcome, note }) => note ?? outcome)).toEqual([
      'done',
      expect.stringMatching(/^something failed here \(ref [0-9a-f]{8}\)$/),
      'There is not enough room left on the volume of DATA_DIR',
      'registry: HTTP 503',
    ]);
  });

  it('is announced once until it works again, which is announced too', async () => {
    let isBroken = true;
    const job = daily('shaky', async () => {
      if (isBroken) throw new Outage('git-host', 'down', 'HTTP 502');
      return { counts: {} };
    });
    await world.start([job]);
    await pass('2026-03-13T00:00Z');
    expect(await world.listAnnounced()).toEqual([
      {
        kind: 'monitoring-notice',
        tone: 'trouble',
        subject: 'shaky',
        title: 'The scheduled job shaky failed: git-host: HTTP 502',
        detail: 'It is tried again at its next time, and told again when it works. /status shows it.',
        since: at('2026-03-10T02:00Z'),
      },
    ]);
    isBroken = false;
    await pass('2026-03-15T00:00Z');
    expect((await world.listAnnounced()).slice(1)).toMatchObject([
      { tone: 'good', title: 'The scheduled job shaky works again', since: at('2026-03-10T02:00Z') },
    ]);
  });

  it('is ended after an hour, and one that does not listen is left behind, not run beside itself', async () => {
    let release = (): void => undefined;
    const deaf = daily('deaf', async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return { counts: {} };
    });
    const other = buildFakeJob(world, 'other', '30 3 * * *');
    await world.start([deaf, other]);
    await pass('2026-03-12T00:00Z');
    const [run] = await world.store().scheduledRuns.list('deaf', 10);
    expect(run).toMatchObject({ outcome: 'failed', note: 'it did not end within 60 minutes' });
    expect(deaf.runs).toHaveLength(1);
    expect(other.runs).toHaveLength(2);
    release();
    await pass('2026-03-13T00:00Z');
    // Made up as soon as it had ended; it hangs again since.
    expect(deaf.runs.map(({ dueAt }) => dueAt)).toEqual(['2026-03-10T02:00', '2026-03-11T02:00']);
  });

  it('is marked as interrupted after a kill, and made up', async () => {
    const job = daily('killed', async ({ signal }) => {
      await world.clock.sleep(60_000 * 30, signal);
      return { counts: {} };
    });
    await world.start([job]);
    await pass('2026-03-10T02:10Z');
    await world.kill();
    await world.start([job]);
    await pass('2026-03-10T03:00Z');
    const runs = await world.store().scheduledRuns.list('killed', 10);
    expect(runs.map(({ cause, outcome }) => `${cause} ${outcome}`)).toEqual(['late done', 'due interrupted']);
  });

  it('is not made up a third time when it took the process with it: it waits for its next time', async () => {
    const deadly = daily('deadly', async () => new Promise(() => undefined));
    await world.start([deadly]);
    await pass('2026-03-10T02:10Z');
    for (let kill = 0; kill < 5; kill++) {
      await world.kill();
      await world.start([deadly]);
    }
    expect(deadly.runs).toHaveLength(3);
    await pass('2026-03-11T02:00Z');
    expect(deadly.runs).toHaveLength(4);
  });

  it('is aborted when the process stops, and made up after the next start', async () => {
    const job = daily('long', async ({ signal }) => {
      await world.clock.sleep(60_000 * 30, signal);
      return { counts: {} };
    });
    await world.start([job]);
    await pass('2026-03-10T02:10Z');
    await world.stop();
    const [run] = await world.store().scheduledRuns.list('long', 1);
    expect(run).toMatchObject({ outcome: 'interrupted' });
    await world.start([job]);
    expect(job.runs.map(({ cause }) => cause)).toEqual(['due', 'late']);
    expect(await world.listAnnounced()).toEqual([]);
  });
});

describe('a run that somebody asks for', () => {
  it('goes before those that wait, and moves no time', async () => {
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

  it('is refused while it runs already, and for a job that is not there', async () => {
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

describe('the list', () => {
  it('tells what comes next and how the last run ended, soonest first', async () => {
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

  it('is one of jobs that an operator may turn on, which counts from then on and outlives a restart', async () => {
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
