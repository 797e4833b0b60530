import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/ports/clock.ts';
import { never, publish, useImpatientRegistry, world } from './impatient-registry.ts';
import { memoryCache, newName, openRegistry } from './registry-fixtures.ts';

useImpatientRegistry();

/** Stands still unless somebody waits. */
function buildWaitedClock(): Clock & { pass(ms: number): void } {
  let nowMs = 0;
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return { now: () => nowMs, monotonic: () => nowMs, sleep: async (ms) => pass(ms), pass };
}

/** A cache before the registry keeps the document from before this version; whoever is about to write passes it. */
function hideFromCaches(name: string, version: string): void {
  world.proxy.setFaults(({ path }) => (path === `/${name}` ? { kind: 'hide-version', version } : undefined));
}

/** Every answer is without this version, so often. */
function hide(name: string, version: string, times = Number.POSITIVE_INFINITY): void {
  let asked = 0;
  world.proxy.setFaults(({ path }) => {
    if (!path.startsWith(`/${name}`)) return undefined;
    asked += 1;
    return asked <= times ? { kind: 'hide-version', version } : undefined;
  });
}

const asksFor = (name: string): number =>
  world.proxy.requests().filter(({ path }) => path.startsWith(`/${name}`)).length;

describe('an answer without a version that was shown a moment ago', () => {
  const shows = async (versions: readonly string[]) => {
    const [name, clock, packuments] = [newName(), buildWaitedClock(), memoryCache()];
    const open = () => openRegistry({ url: world.proxy.url, clock, packuments });
    for (const version of versions) await publish(name, version);
    const registry = open();
    const look = async (from = registry) => [
      ...((await from.findPackument(name, never))?.versions.keys() ?? []),
    ];
    expect(await look()).toEqual(versions);
    world.proxy.clear();
    return { name, clock, open, look, registry };
  };

  it.each([
    ['the only one', ['1.0.0'], '1.0.0'],
    ['the newest one', ['1.0.0', '1.1.0'], '1.1.0'],
  ] as const)('is not believed of a cache: %s is seen past it', async (_what, versions, newest) => {
    const { name, look, registry } = await shows(versions);
    hideFromCaches(name, newest);
    expect(await look()).toEqual(versions);
    expect(await look()).toEqual(versions);
    expect(await registry.findChange(name, undefined, never)).toMatchObject({ name });
    await registry.stop();
  });

  it('is asked for again while a replica lags', async () => {
    const { name, look, registry } = await shows(['1.0.0']);
    hide(name, '1.0.0', 3);
    expect(await look()).toEqual(['1.0.0']);
    await registry.stop();
  });

  it('is believed after ten seconds, and from then on at once', async () => {
    const { name, clock, look, registry } = await shows(['1.0.0', '1.1.0']);
    hide(name, '1.1.0');
    const before = clock.monotonic();
    expect(await look()).toEqual(['1.0.0']);
    expect(clock.monotonic() - before).toBe(10_000);
    world.proxy.clear();
    hide(name, '1.1.0');
    expect(await look()).toEqual(['1.0.0']);
    expect(asksFor(name)).toBe(1);
    await registry.stop();
  });

  it('is believed at once when the version was shown long ago', async () => {
    const { name, clock, look, registry } = await shows(['1.0.0']);
    clock.pass(10_000);
    hide(name, '1.0.0');
    expect(await look()).toEqual([]);
    expect(asksFor(name)).toBe(1);
    await registry.stop();
  });

  it('is not believed either by the process that comes after the one that saw it', async () => {
    const { name, look, open, registry } = await shows(['1.0.0', '1.1.0']);
    await registry.stop();
    hideFromCaches(name, '1.1.0');
    const restarted = open();
    expect(await look(restarted)).toEqual(['1.0.0', '1.1.0']);
    await restarted.stop();
  });
});
