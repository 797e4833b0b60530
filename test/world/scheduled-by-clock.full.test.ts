import { afterAll, beforeAll, expect, it } from 'vitest';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';
import { scheduledJobNames, settingOfJob } from '../../src/domain/schedule/scheduled-jobs.ts';
import { readRows } from './stored-rows.ts';

interface Run {
  readonly name: string;
  readonly cause: string;
  readonly outcome: string | null;
  readonly due_at: number;
  readonly started_at: number;
  readonly ended_at: number | null;
}

const minuteMs = 60_000;
/** Each minute stands for a day, so that everything is due in it. */
const days = 3;
const shadow = 'studio/trial';
let world: World;

beforeAll(async () => {
  const everyMinute = scheduledJobNames.map((name) => [settingOfJob(name), '* * * * *']);
  world = await World.start({
    discord: true,
    repositories: [{ slug: shadow, settings: { mode: 'shadow' } }],
    env: Object.fromEntries(everyMinute) as Record<string, string>,
  });
});

afterAll(async () => world?.stop());

function listRuns(): readonly Run[] {
  const sql =
    'select name, cause, outcome, due_at, started_at, ended_at from scheduled_runs order by started_at, id';
  return readRows(world, sql) as readonly Run[];
}

const countDone = (): number =>
  Math.min(
    ...scheduledJobNames.map(
      (name) => listRuns().filter((run) => run.name === name && run.outcome !== null).length,
    ),
  );

it('every job runs when it is due, none twice for one time, and never two at once', async () => {
  const files = unityPackage('com.studio.core', '1.0.0', { folder: 'Core' });
  const { id } = await world.dispatch(world.push({ files }));
  expect((await world.finished(id)).status).toBe('published');
  await expect
    .poll(countDone, { timeout: (days + 2) * minuteMs, interval: 500 })
    .toBeGreaterThanOrEqual(days);
  const runs = listRuns().filter(({ ended_at }) => ended_at !== null);
  expect(runs.filter(({ outcome }) => outcome !== 'done')).toEqual([]);
  expect(new Set(runs.map(({ cause }) => cause))).toEqual(new Set(['due']));
  const times = runs.map(({ name, due_at }) => `${name} ${due_at}`);
  expect(times).toEqual([...new Set(times)]);
  for (const name of scheduledJobNames) {
    const due = runs.filter((run) => run.name === name).map(({ due_at }) => due_at);
    const first = due[0] ?? 0;
    expect(first % minuteMs, name).toBe(0);
    expect(due, name).toEqual(due.map((_, index) => first + index * minuteMs));
  }
  for (const [index, run] of runs.entries()) {
    expect(run.started_at, run.name).toBeGreaterThanOrEqual(run.due_at);
    expect(run.started_at, run.name).toBeGreaterThanOrEqual(runs[index - 1]?.ended_at ?? 0);
  }
});
