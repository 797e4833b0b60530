import { describe, expect, it } from 'vitest';
import { meta } from '../../../sandbox/unity-repository.ts';
import { Outage } from '../../../src/domain/failure/failure.ts';
import { NameRefusal } from '../../../src/domain/failure/name-trouble.ts';
import type { GuidIndex, IndexedVersion, UnindexedVersion } from '../../../src/ports/preflight.ts';
import type { ReadTarball } from '../../../src/ports/registry.ts';
import { type FillIndexDeps, fillIndex } from '../../../src/publisher/preflight/guid-index/fill-index.ts';
import { filesOf } from './sample-package.ts';

const never = new AbortController().signal;

interface Fixture extends FillIndexDeps {
  readonly saved: Map<string, IndexedVersion>;
  readonly problems: Map<string, string>;
  /** Names that were read, in order. */
  readonly reads: string[];
}

function build(
  wanted: readonly UnindexedVersion[],
  answer: (name: string) => ReadTarball | Error | undefined = () => undefined,
): Fixture {
  const saved = new Map<string, IndexedVersion>();
  const problems = new Map<string, string>();
  const reads: string[] = [];
  const index: GuidIndex = {
    save: async (version) => void saved.set(version.name, version),
    saveUnreadable: async ({ name }, problem) => void problems.set(name, problem),
    find: async (name) => saved.get(name),
    findOwners: async () => new Map(),
    findAssemblyOwners: async () => new Map(),
    listUnindexed: async (limit) =>
      wanted.filter(({ name }) => !saved.has(name) && !problems.has(name)).slice(0, limit),
  };
  const files = filesOf({ bare: { 'Runtime/Gone.cs.meta': meta('gone') } });
  return {
    saved,
    problems,
    reads,
    clock: { now: () => 0, monotonic: () => 0, sleep: async () => undefined },
    logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    preflight: {
      index,
      registry: { url: 'https://packages.studio.test/', findPackument: async () => undefined },
      scopes: ['com.studio'],
      sizeWarnBytes: 1_000_000,
      files: {
        readFiles: async (name, _version, visitor) => {
          reads.push(name);
          const special = answer(name);
          if (special instanceof Error) throw special;
          if (special !== undefined) return special;
          const entries = [...files].map(([path, { length }]) => ({ path, bytes: length }));
          for (const [path, content] of files) {
            const entry = { path, bytes: content.length };
            if (visitor.wants(entry)) visitor.take(entry, content);
          }
          return { kind: 'read', bytes: 1000, entries };
        },
      },
    },
  };
}

function versions(count: number): readonly UnindexedVersion[] {
  return Array.from({ length: count }, (_, at) => ({ name: `com.studio.p${at}`, version: '1.0.0' }));
}

describe('filling the index', () => {
  it('stores GUIDs, findings and the rules used for each version that is not indexed yet', async () => {
    const fixture = build(versions(120));
    expect(await fillIndex(fixture, never)).toEqual({ read: 120, unreadable: 0, outage: undefined });
    const kept = fixture.saved.get('com.studio.p7');
    expect(kept?.guids.get('Runtime/Example.cs')).toMatch(/^[0-9a-f]{32}$/);
    expect(kept?.findings).toContainEqual(
      expect.objectContaining({ rule: 'meta.orphan', file: 'Runtime/Gone.cs.meta' }),
    );
    expect(kept?.rules).toContain('meta.orphan');
    expect(kept?.rules).not.toContain('lfs.pointer');
  });

  it('skips what cannot be read and goes on', async () => {
    const fixture = build(versions(3), (name) =>
      name.endsWith('1')
        ? { kind: 'unreadable', problem: 'has a tarball that cannot be unpacked' }
        : undefined,
    );
    expect(await fillIndex(fixture, never)).toEqual({ read: 2, unreadable: 1, outage: undefined });
    expect([...fixture.problems.keys()]).toEqual(['com.studio.p1']);
  });

  it('skips a name that the registry refuses, and goes on with the others', async () => {
    const fixture = build(versions(120), (name) =>
      name.endsWith('7') ? new NameRefusal(name, { kind: 'forbidden', status: 403 }) : undefined,
    );
    expect(await fillIndex(fixture, never)).toEqual({ read: 108, unreadable: 12, outage: undefined });
    expect(fixture.problems.get('com.studio.p17')).toBe('is not given to us by the registry (HTTP 403)');
  });

  it('stops when the registry is down, and the next run goes on where this one ended', async () => {
    let isDown = true;
    const fixture = build(versions(60), (name) =>
      isDown && name === 'com.studio.p30' ? new Outage('registry', 'down', 'HTTP 503') : undefined,
    );
    const first = await fillIndex(fixture, never);
    expect(first.outage).toBe('HTTP 503');
    expect(fixture.problems.size).toBe(0);
    isDown = false;
    await fillIndex(fixture, never);
    expect(fixture.saved.size).toBe(60);
    const twice = fixture.reads.filter((name, at) => fixture.reads.indexOf(name) !== at);
    expect(twice).toEqual(['com.studio.p30']);
  });

  it('ends between two versions when it is told to', async () => {
    const stop = new AbortController();
    const fixture = build(versions(10), (name) => {
      if (name === 'com.studio.p4') stop.abort(new Error('stopping'));
      return undefined;
    });
    await expect(fillIndex(fixture, stop.signal)).rejects.toThrow('stopping');
    expect(fixture.saved.size).toBeLessThanOrEqual(6);
  });
});
