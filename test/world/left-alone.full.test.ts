import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { World } from '../../sandbox/world.ts';
import { readCount, readRows } from './stored-rows.ts';
import { core, other, tool } from './unannounced.ts';
import { announce, jobOf, none } from './webhook-world.ts';

let world: World;
let deadly: string;

beforeAll(async () => {
  world = await World.start({ repositories: [{ slug: other }], env: { LOG_LEVEL: 'debug' } });
  world.sendWebhooks();
});
afterAll(async () => world?.stop());

const main = 'refs/heads/main';
const within = { timeout: 60_000, interval: 20 };

/** Makes requests to the other repository hang, so that its look is going on when the process is killed. */
async function dieLooking(crashes: number): Promise<void> {
  const looks = (): readonly unknown[] => readRows(world, 'select running, crashes from head_looks');
  await vi.waitFor(() => expect(looks()).toEqual([{ running: 1, crashes }]), within);
  await world.restart('SIGKILL');
  world.sendWebhooks();
}

function holdOther(): void {
  world.host.setFault(({ path }) => (path.includes(other) ? { kind: 'hang' } : undefined));
}

const notices = (): number =>
  readCount(world, "select count(*) from outbox where key like 'head-left-alone-%'");

describe('a repository whose head two processes died looking at', () => {
  beforeAll(async () => {
    holdOther();
    deadly = world.push({ files: tool('1.0.0') }, other);
    await world.github.announcePush(other, { ref: main, before: none, after: deadly });
    await dieLooking(0);
    await dieLooking(1);
  });

  it('is left alone by the third process, which says so', async () => {
    const handled = await world.process.waitFor(({ msg }) => msg === 'webhook handled');
    expect(handled['outcome']).toContain(`${other} is left alone at ${deadly.slice(0, 7)}`);
    expect(notices()).toBe(1);
    await world.process.waitFor(
      ({ msg, announcement }) =>
        msg === 'announcement' && JSON.stringify(announcement).includes('is left alone at'),
    );
    expect(readRows(world, "select actor, subject from audit where action = 'head-left-alone'")).toEqual([
      { actor: 'publisher', subject: other },
    ]);
  });

  it('does not delay any other repository', async () => {
    const outcome = await announce(world, { after: world.push({ files: core('1.0.0') }) });
    expect(await jobOf(world, outcome)).toBe('published');
  });

  it('stays left alone over another crash, and is announced once', async () => {
    await world.restart('SIGKILL');
    world.sendWebhooks();
    expect(await announce(world, { after: deadly }, other)).toContain('is left alone at');
    expect(notices()).toBe(1);
  });

  it('is looked at again once somebody pushes', async () => {
    world.host.setFault(undefined);
    const after = world.push({ files: tool('1.0.1') }, other);
    expect(await jobOf(world, await announce(world, { after, before: deadly }, other))).toBe('published');
    expect(readRows(world, 'select * from head_looks where crashes > 0')).toEqual([]);
  });
});

describe('a repository that was being looked at when one process died', () => {
  it('is looked at again, and trusted once that look ended well', async () => {
    holdOther();
    const after = world.push({ files: tool('1.1.0') }, other);
    await world.github.announcePush(other, { ref: main, before: none, after });
    await dieLooking(0);
    world.host.setFault(undefined);
    const looks = (): readonly unknown[] => readRows(world, 'select * from head_looks');
    await vi.waitFor(() => expect(looks()).toEqual([]), within);
    const tags = async (): Promise<unknown> => (await world.packument('com.studio.tool'))?.['dist-tags'];
    await vi.waitFor(async () => expect(await tags()).toMatchObject({ latest: '1.1.0' }), within);
  });
});
