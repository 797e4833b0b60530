import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/fault-proxy.ts';
import type { LogLine } from '../../sandbox/process.ts';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { type JobShown, World } from '../../sandbox/world.ts';
import { readCount, readRows } from './stored-rows.ts';

const dispatchStages = ['fetch', 'list', 'read-manifests', 'judge'];
const packageStages = [
  'changelog',
  'stage-files',
  'pack',
  'preflight',
  'record-intent',
  'publish',
  'read-back',
];

let world: World;
/** Kills the process at the first line that fits, once. */
let killAt: ((line: LogLine) => boolean) | undefined;
let cases = 0;

beforeAll(async () => {
  const repositories = Array.from({ length: 30 }, (_, index) => ({ slug: `studio/killed-${index + 1}` }));
  world = await World.start({
    repositories,
    env: { LOG_LEVEL: 'debug' },
    onLine: (line, process) => {
      if (killAt?.(line) !== true) return;
      killAt = undefined;
      process.kill('SIGKILL');
    },
  });
});

afterAll(async () => world.stop());

interface Pair {
  readonly slug: string;
  readonly core: string;
  readonly ui: string;
  readonly commit: string;
}

/** Two packages in a repository of their own, the second one needing the first. */
function pushPair(): Pair {
  cases++;
  const slug = `studio/killed-${cases}`;
  const core = `com.studio.core${cases}`;
  const ui = `com.studio.ui${cases}`;
  const files = {
    ...unityPackage(core, '1.0.0', { folder: 'Packages/core' }),
    ...unityPackage(ui, '1.0.0', { folder: 'Packages/ui', dependencies: { [core]: '1.0.0' } }),
  };
  return { slug, core, ui, commit: world.push({ files }, slug) };
}

/** Dispatches, waits until the process was killed, starts it again, and gives the final job. */
async function publishThroughKill(pair: Pair): Promise<JobShown> {
  const { exited } = world.process;
  // The kill may be quicker than the answer: the id is then found in the database.
  const accepted = await world.dispatch(pair.commit, { repository: pair.slug }).catch(() => undefined);
  expect(await exited).toBe('SIGKILL');
  const intents = listIntents(pair);
  world.process = await world.startProcess();
  const rows = readRows(world, 'select id from dispatches where commit_sha = ?', pair.commit);
  const [{ id }] = rows as [{ id: string }];
  if (accepted !== undefined) expect(id).toBe(accepted.id);
  const job = await world.finished(id);
  // What was recorded before the kill is what was sent after it.
  for (const intent of intents) {
    const packument = await world.packument(intent.name);
    expect(packument?.versions['1.0.0']?.dist.integrity).toBe(intent.integrity);
  }
  return job;
}

function listIntents(pair: Pair): readonly { readonly name: string; readonly integrity: string }[] {
  const sql = 'select name, integrity from intents where name in (?, ?)';
  return readRows(world, sql, pair.core, pair.ui) as { name: string; integrity: string }[];
}

function putsOf(name: string): number {
  return world.proxy.requests().filter(({ method, path }) => method === 'PUT' && path === `/${name}`).length;
}

async function expectPublishedOnce(pair: Pair, job: JobShown): Promise<void> {
  expect(job.status).toBe('published');
  expect(job.packages.map(({ name, outcome }) => [name, outcome])).toEqual([
    [pair.core, 'published'],
    [pair.ui, 'published'],
  ]);
  for (const shown of job.packages) {
    const packument = await world.packument(shown.name);
    expect(Object.keys(packument?.versions ?? {})).toEqual(['1.0.0']);
    expect(packument?.versions['1.0.0']?.dist.integrity).toBe(shown.integrity);
    expect(packument?.['dist-tags']).toEqual({ latest: '1.0.0' });
    expect(shown.distTag).toBe('latest');
  }
  // One intent each: what was recorded was used, not packed anew.
  expect(
    listIntents(pair)
      .map(({ name }) => name)
      .sort(),
  ).toEqual([pair.core, pair.ui]);
  const key = `job-${job.job}-finished`;
  expect(readCount(world, 'select count(*) from outbox where key = ?', key)).toBe(1);
  expect(readCount(world, 'select count(*) from jobs where finished_at is null')).toBe(0);
  expect(readCount(world, 'select count(*) from attempts where ended_at is null')).toBe(0);
}

function isStage(stage: string, packageName?: string): (line: LogLine) => boolean {
  return (line) => line.msg === 'stage' && line['stage'] === stage && line['package'] === packageName;
}

describe('a process that is killed', () => {
  it('right after it accepted a dispatch, runs it after the restart', async () => {
    const pair = pushPair();
    const { exited } = world.process;
    await world.dispatch(pair.commit, { repository: pair.slug });
    world.process.kill('SIGKILL');
    await exited;
    world.process = await world.startProcess();
    const { id } = await world.dispatch(pair.commit, { repository: pair.slug });
    await expectPublishedOnce(pair, await world.finished(id));
  });

  it.each(dispatchStages)('in stage %s, publishes both packages once after the restart', async (stage) => {
    const pair = pushPair();
    killAt = isStage(stage);
    await expectPublishedOnce(pair, await publishThroughKill(pair));
    expect([putsOf(pair.core), putsOf(pair.ui)]).toEqual([1, 1]);
  });

  describe.each(['core', 'ui'] as const)('while it publishes %s', (which) => {
    it.each(packageStages)('in stage %s, publishes both packages once after the restart', async (stage) => {
      const pair = pushPair();
      killAt = isStage(stage, pair[which]);
      await expectPublishedOnce(pair, await publishThroughKill(pair));
      const other = which === 'core' ? pair.ui : pair.core;
      expect(putsOf(other)).toBe(1);
      // Killed around its PUT, which then may have been torn: sent again at the most once.
      if (stage !== 'publish') expect(putsOf(pair[which])).toBe(1);
      else expect([1, 2]).toContain(putsOf(pair[which]));
    });
  });

  it('after it recorded that the job is done, does not publish or announce it again', async () => {
    const pair = pushPair();
    killAt = (line) => line.msg === 'job finished';
    await expectPublishedOnce(pair, await publishThroughKill(pair));
    expect([putsOf(pair.core), putsOf(pair.ui)]).toEqual([1, 1]);
  });

  it('while the registry has not read its PUT yet, sends the recorded bytes once more', async () => {
    const pair = pushPair();
    killOnPut(pair.ui, { kind: 'hang' });
    await expectPublishedOnce(pair, await publishThroughKill(pair));
    world.proxy.setFaults(() => undefined);
    expect([putsOf(pair.core), putsOf(pair.ui)]).toEqual([1, 2]);
  });

  it('after the registry stored its PUT and before the answer, finds it as its own', async () => {
    const pair = pushPair();
    killOnPut(pair.ui, { kind: 'store-then-hang' });
    await expectPublishedOnce(pair, await publishThroughKill(pair));
    world.proxy.setFaults(() => undefined);
    expect([putsOf(pair.core), putsOf(pair.ui)]).toEqual([1, 1]);
  });
});

/** The first PUT of this name suffers the fault; the process dies once the fault has done its part. */
function killOnPut(name: string, fault: Fault): void {
  world.proxy.setFaults(({ method, path, count }) => {
    if (method !== 'PUT' || path !== `/${name}` || count > 1) return undefined;
    const { process } = world;
    if (fault.kind === 'hang') process.kill('SIGKILL');
    else {
      void expect
        .poll(async () => world.packument(name), { timeout: 20_000 })
        .toBeDefined()
        .finally(() => process.kill('SIGKILL'));
    }
    return fault;
  });
}
