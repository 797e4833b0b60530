import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogLine } from '../../sandbox/process.ts';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';

const core = (version: string) => unityPackage('com.studio.core', version, { folder: 'Core' });
const tool = (version: string) => unityPackage('com.studio.tool', version);
const other = 'studio/tools';

let world: World;
beforeAll(async () => {
  const repositories = [{ slug: other }, { slug: 'studio/off', settings: { status: 'disabled' } }];
  world = await World.start({ repositories, env: { CATCH_UP_MINUTES: '10', LOG_LEVEL: 'debug' } });
});
afterAll(async () => {
  await world?.stop();
});

/** Starts the process again and waits until it has looked at all repositories; the jobs it made. */
async function lookAgain(): Promise<readonly number[]> {
  await world.restart('SIGTERM');
  const line = await world.process.waitFor(({ msg }) => msg === 'caught up');
  return line['jobs'] as readonly number[];
}

async function announced(job: number): Promise<Readonly<Record<string, unknown>>> {
  const of = (line: LogLine) => line['announcement'] as { readonly job?: number } | undefined;
  const line = await world.process.waitFor((item) => item.msg === 'announcement' && of(item)?.job === job);
  return of(line) as Readonly<Record<string, unknown>>;
}

async function versions(name: string): Promise<readonly string[]> {
  return Object.keys((await world.packument(name))?.versions ?? {});
}

describe('pushes that no event announced', () => {
  it('are published when the process looks, once each, and the message says that they are late', async () => {
    world.push({ files: core('1.0.0') });
    world.push({ files: tool('2.0.0') }, other);
    world.push({ files: unityPackage('com.studio.off', '1.0.0') }, 'studio/off');
    const jobs = await lookAgain();
    expect(jobs).toHaveLength(2);
    for (const job of jobs) {
      expect(await announced(job)).toMatchObject({ status: 'published', requestedBy: 'catch-up' });
    }
    expect([await versions('com.studio.core'), await versions('com.studio.tool')]).toEqual([
      ['1.0.0'],
      ['2.0.0'],
    ]);
    expect(await versions('com.studio.off')).toEqual([]);
    expect(await lookAgain()).toEqual([]);
  });

  it('become nothing when they change no manifest', async () => {
    world.push({ files: { 'README.md': '# Tools\n' } });
    expect(await lookAgain()).toEqual([]);
  });

  it('are not tried again when they were announced and failed', async () => {
    const commit = world.push({ files: { 'Core/package.json': '{ "name": "com.studio.core"' } });
    const { id } = await world.dispatch(commit);
    expect((await world.finished(id)).status).toBe('failed');
    expect(await lookAgain()).toEqual([]);
  });

  it('are found on a default branch that was renamed meanwhile', async () => {
    world.github.renameDefaultBranch(other, 'trunk');
    expect(await lookAgain()).toEqual([]);
    world.push({ branch: 'trunk', files: tool('2.0.1') }, other);
    const [job] = await lookAgain();
    expect(await announced(job ?? 0)).toMatchObject({ status: 'published' });
    expect((await world.packument('com.studio.tool'))?.['dist-tags']).toMatchObject({ latest: '2.0.1' });
  });

  it('wait while the git host is down, and are published when it is back', async () => {
    world.push({ files: tool('2.0.2'), branch: 'trunk' }, other);
    world.host.setFault({ kind: 'status', status: 502 });
    expect(await lookAgain()).toEqual([]);
    world.host.setFault(undefined);
    const [job] = await lookAgain();
    expect(await announced(job ?? 0)).toMatchObject({ status: 'published' });
  });
});
