import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Outage } from '../../src/domain/failure/failure.ts';
import type { Slug } from '../../src/domain/repository/repository.ts';
import { parseCron } from '../../src/domain/schedule/cron-schedule.ts';
import { findNextDue } from '../../src/domain/schedule/due-times.ts';
import { scheduledJobNames, scheduledJobs } from '../../src/domain/schedule/scheduled-jobs.ts';
import { buildJobs } from '../../src/jobs/index.ts';
import type { ScheduledJob } from '../../src/jobs/scheduled-job.ts';
import type { ProbeAnswer } from '../../src/publisher/watch/upkeep/check-credentials.ts';
import { buildCheckWorld, packumentOf } from '../publisher/watch/upkeep/check-world.ts';
import { type JobWorld, openJobWorld } from './job-world.ts';

const begin = Date.parse('2026-03-01T00:05Z');
const end = Date.parse('2026-04-01T00:05Z');
/** The git host is down for two nights, from the evening of the 10th on. */
const hostDown = { from: Date.parse('2026-03-10T20:00Z'), to: Date.parse('2026-03-12T12:00Z') };
/** The process is down for a day and a half. */
const away = { from: Date.parse('2026-03-20T12:00Z'), to: Date.parse('2026-03-21T23:00Z') };
const tokenEnds = Date.parse('2026-03-29T09:00Z');

const studio = buildCheckWorld();
/** Times at which a run really began, by job. */
const began = new Map<string, number[]>();
let working = 0;
let world: JobWorld;

/** Opens every job of the list on the real database; only neighbours are made up. */
function openJobs(): readonly ScheduledJob[] {
  const store = world.store();
  const { clock } = world;
  const isDown = (): boolean => clock.now() >= hostDown.from && clock.now() < hostDown.to;
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const askHost = <T>(answer: T): T => {
    if (isDown()) throw new Outage('git-host', 'down', 'HTTP 503');
    return answer;
  };
  const { source } = studio.deps;
  const { findPackument } = studio.deps.registry;
  const registry = {
    findPackument,
    findChange: async (name: string, _etag: unknown, signal: AbortSignal) => findPackument(name, signal),
  };
  const readFiles = async () => ({ kind: 'unreadable', problem: 'is cut off' });
  const deps = {
    ...store,
    clock,
    logger: silent,
    source: {
      ...source,
      resolve: async (...asked: Parameters<typeof source.resolve>) => askHost(await source.resolve(...asked)),
    },
    registry,
    copies: {},
    looks: studio.deps.looks,
    preflight: { index: store.guidIndex, files: { readFiles }, registry, scopes: ['com.studio'] },
    scopes: ['com.studio'],
    backupsKept: 7,
    isShadow: false,
    sweepDeliveries: async () => askHost([]),
    syncStatus: async () => askHost([{ repository: 'studio/packages', kind: 'as-registered' }]),
    onQueued: () => undefined,
    operations: {
      listDrift: async () => ({ kind: 'drift', rows: [] }),
      requestPublish: async () => ({ kind: 'unknown' }),
    },
    catchesUp: true,
    deadlineMs: 600_000,
    credentialDeadlineMs: 20_000,
    credentialProbes: [
      {
        name: 'github',
        remedy: 'Renew GITHUB_TOKEN.',
        ask: async (): Promise<ProbeAnswer> =>
          isDown() ? { kind: 'unknown' } : { kind: 'taken', expiresAt: tokenEnds },
      },
    ],
    retention: store.auditRetention,
    archive: {},
    retentionDays: 90,
  };
  const jobs = buildJobs(deps as unknown as Parameters<typeof buildJobs>[0], {});
  return jobs.map((job) => ({
    ...job,
    run: async (context) => {
      began.set(job.name, [...(began.get(job.name) ?? []), clock.now()]);
      working += 1;
      return job.run(context).finally(() => {
        working -= 1;
      });
    },
  }));
}

/** Advances ten minutes at a time; no time passes while a job works, because a real job takes only a moment. */
async function passUntil(until: number): Promise<void> {
  const { clock } = world;
  while (clock.now() < until) {
    studio.now = clock.now();
    await clock.advanceTo(Math.min(until, clock.now() + 10 * 60_000));
    await untilIdle();
  }
}

async function untilIdle(): Promise<void> {
  for (let quiet = 0; quiet < 20; quiet = working === 0 ? quiet + 1 : 0) await nextTurn();
}

beforeAll(async () => {
  world = await openJobWorld(begin);
  await world.store().repositories.addUnknown([{ slug: 'studio/packages' as Slug, status: 'active' }]);
  studio.commit('com.studio.core', '1.0.0');
  studio.registry.set('com.studio.core', packumentOf('com.studio.core', ['1.0.0']));
  await world.start(openJobs());
  await passUntil(away.from);
  await world.stop();
  await world.kill();
  world.clock.skipTo(away.to);
  await world.start(openJobs());
  await untilIdle();
  await passUntil(end);
}, 20 * 60_000);
afterAll(async () => world.remove());

/** Counts the due times of a schedule, without those while the process was down. */
function countDue(schedule: string): number {
  const cron = parseCron(schedule);
  if (cron === undefined) return 0;
  let count = 0;
  let due = findNextDue(cron, 'UTC', begin);
  while (due !== undefined && due <= end) {
    if (due <= away.from || due > away.to) count++;
    due = findNextDue(cron, 'UTC', due);
  }
  return count;
}

describe('a month of scheduled jobs', () => {
  it.each(scheduledJobNames)('runs %s whenever it is due, and makes up once for what was missed', (name) => {
    const { schedule } = scheduledJobs[name];
    const runs = began.get(name) ?? [];
    const due = countDue(schedule);
    const isMissed = schedule !== 'off';
    expect(runs).toHaveLength(due + (isMissed ? 1 : 0));
    expect(runs.filter((at) => at > away.from && at <= away.to + 10 * 60_000)).toHaveLength(
      isMissed ? (schedule.startsWith('*/10 ') ? 2 : 1) : 0,
    );
  });

  it('ends every run well that no neighbour disturbed, and keeps runs and backups within bounds', async () => {
    for (const name of scheduledJobNames) {
      const runs = await world.store().scheduledRuns.list(name, 1_000);
      expect(runs.length).toBeLessThanOrEqual(100);
      const bad = runs.filter(({ outcome }) => outcome !== 'done');
      // It is due at 02:00, so twice while the git host was down.
      expect(bad.map(({ outcome }) => outcome)).toEqual(name === 'status-sync' ? ['failed', 'failed'] : []);
    }
    const [newest] = await world.store().backups.list();
    expect(await readdir(dirname(newest?.file ?? ''))).toHaveLength(7);
  });

  it('announces two nights without the git host, and a token that expires, once each', async () => {
    const told = (await world.listAnnounced()).map((item) =>
      item.kind === 'monitoring-notice' ? item.title : item.kind,
    );
    expect(told.filter((line) => line.startsWith('A credential ends within'))).toEqual([
      'A credential ends within 14 days: the credentials for GitHub',
      'A credential ends within 7 days: the credentials for GitHub',
      'A credential ends within a day: the credentials for GitHub',
    ]);
    expect(told.filter((line) => line.includes('The scheduled job'))).toEqual([
      'The scheduled job status-sync failed: git-host: HTTP 503',
      'The scheduled job status-sync works again',
    ]);
  });
});
