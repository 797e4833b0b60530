import { describe, expect, it } from 'vitest';
import { Outage } from '../../../src/domain/failure/failure.ts';
import { NameRefusal } from '../../../src/domain/failure/name-trouble.ts';
import type { Hold } from '../../../src/domain/package/hold.ts';
import type { Packument } from '../../../src/domain/package/packument.ts';
import type { AwaitedPackage } from '../../../src/ports/judgements.ts';
import { lookForAwaited } from '../../../src/publisher/holds/watch-holds.ts';

const never = new AbortController().signal;
const names = ['a', 'b', 'c'].map((letter) => `com.studio.${letter}`);

function awaitedOf(name: string, lookedAt = 0): AwaitedPackage {
  return { name, versions: ['1.0.0'], since: 0, lookedAt };
}

function holdOf(name: string): Hold {
  const awaits = [{ name, version: '1.0.0' }];
  return {
    id: 1,
    repository: 'studio/app',
    name: 'x',
    version: '1.0.0',
    job: 1,
    toldIn: 1,
    since: 0,
    awaits,
  };
}

function packumentOf(name: string): Packument {
  const versions = new Map([['1.0.0', { version: '1.0.0', integrity: undefined }]]);
  return { name, versions, distTags: {}, repositoryUrl: undefined };
}

interface Trouble {
  /** What the registry throws, by name. */
  readonly registry?: Readonly<Record<string, Error>>;
  /** The name of which nothing can be released. */
  readonly noteLook?: string;
}

async function look(trouble: Trouble, signal = never) {
  const noted: [string, readonly string[]][] = [];
  const said: unknown[] = [];
  let changes = 0;
  const say = (text: string, facts?: object): void => void said.push({ text, ...facts });
  const asking = lookForAwaited(
    {
      clock: { now: () => 3_600_000, monotonic: () => 3_600_000, sleep: async () => undefined },
      logger: { debug: say, info: () => undefined, warn: say, error: say },
      holds: {
        list: async () => names.map(holdOf),
        listAwaited: async () => names.map((name) => awaitedOf(name)),
        noteLook: async (name, present) => {
          if (name === trouble.noteLook && present.length > 0) throw new Error('a constraint');
          noted.push([name, present]);
          return present.length;
        },
        releaseReady: async () => 0,
      },
      registry: {
        findPackument: async (name) => {
          const error = trouble.registry?.[name];
          if (error !== undefined) throw error;
          return packumentOf(name);
        },
      },
      outbox: { add: async () => undefined },
      parkMs: Number.POSITIVE_INFINITY,
      onChange: () => (changes += 1),
    },
    signal,
  );
  return { hasMore: await asking, noted, said, changes };
}

const present = ['1.0.0'];

describe('looking for what held versions wait for', () => {
  it.each([
    ['of a kind that nobody expects', { registry: { 'com.studio.a': new TypeError('not a function') } }],
    ['of what is written down', { noteLook: 'com.studio.a' }],
  ] as const)(
    'goes on behind a name with trouble %s, which comes last the next time',
    async (_what, trouble) => {
      const { noted, said, changes } = await look(trouble);
      expect(noted).toEqual([
        ['com.studio.a', []],
        ['com.studio.b', present],
        ['com.studio.c', present],
      ]);
      expect(said).toMatchObject([{ package: 'com.studio.a', error: { name: expect.any(String) } }]);
      expect(changes).toBe(1);
    },
  );

  it('goes on behind a name that the registry refuses', async () => {
    const refusal = new NameRefusal('com.studio.a', { kind: 'forbidden', status: 403 });
    const { noted, said } = await look({ registry: { 'com.studio.a': refusal } });
    expect(noted.map(([name]) => name)).toEqual(names);
    expect(said).toEqual([]);
  });

  it('ends with the first name when the registry is down: nothing is written down as looked at', async () => {
    const down = new Outage('registry', 'down', 'HTTP 503');
    expect(await look({ registry: { 'com.studio.a': down } })).toMatchObject({ hasMore: false, noted: [] });
  });

  it('ends with the reason of its signal', async () => {
    const stopping = AbortSignal.abort(new Error('stopping'));
    const asking = look({ registry: { 'com.studio.a': stopping.reason as Error } }, stopping);
    await expect(asking).rejects.toBe(stopping.reason);
  });
});
