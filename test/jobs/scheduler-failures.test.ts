import { describe, expect, it } from 'vitest';
import { failure, Outage, PublishError } from '../../src/domain/failure/failure.ts';
import { at, daily, pass, useJobWorld, world } from './daily-job.ts';
import { buildFakeJob } from './job-world.ts';

useJobWorld();

describe('a run that does not end well', () => {
  it('counts as failed, and nothing stops because of it', async () => {
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

  it('is announced once until the job works again, which is announced too', async () => {
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

  it('is ended after an hour, and one that ignores that is left behind without a second run beside it', async () => {
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
    // It was made up as soon as it had ended, and hangs again since.
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

  it('is not made up a third time when it crashed the process: it waits for its next time', async () => {
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
