import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Announcement } from '../../../../src/domain/announcement/announcement.ts';
import type { Integrity, Packument } from '../../../../src/domain/package/packument.ts';
import type { CommitSha, RepositoryId, Slug } from '../../../../src/domain/repository/repository.ts';
import type { ShadowVersion } from '../../../../src/domain/repository/shadow.ts';
import type { CopyContents, PublishedCopy } from '../../../../src/ports/registry.ts';
import { compareTrials, type TrialCounts } from '../../../../src/publisher/watch/shadow/compare-trials.ts';
import type { ShadowDeps } from '../../../../src/publisher/watch/shadow/deps.ts';
import type { Store } from '../../../../src/store/store.ts';
import { dispatchOf } from '../../../store/queued-job.ts';
import { openTestStore } from '../../../store/test-store.ts';

export const one = 1 as RepositoryId;
export const commit = 'a'.repeat(40) as CommitSha;
const never = new AbortController().signal;

/** A version that somebody else put on the registry. */
export interface Arrived {
  readonly integrity?: string;
  readonly contents?: CopyContents;
  readonly distTags?: readonly string[];
  readonly receivedAt?: number;
}

/** A trial on a real database, with a registry and a clock that the test moves. */
export interface TrialWorld {
  readonly store: Store;
  /** Versions by name. */
  readonly registry: Map<string, Map<string, Arrived>>;
  arrive(name: string, version: string, what?: Arrived): void;
  pass(hours: number): void;
  /** Adds a job for which something can be recorded; returns its number. */
  addJob(): Promise<number>;
  record(name: string, version: string, more?: Partial<ShadowVersion>): Promise<void>;
  compare(): Promise<TrialCounts>;
  /** Returns what was announced since the previous call. */
  told(): Promise<readonly Announcement[]>;
  stop(): Promise<void>;
}

/** Starts a trial. `refuse` may throw for a name that is looked up. */
export async function startTrial(
  more: Partial<ShadowDeps> = {},
  refuse: (name: string) => Promise<never> | undefined = () => undefined,
): Promise<TrialWorld> {
  let now = 1_800_000_000_000;
  const clock = { now: () => now, monotonic: () => now, sleep: async () => undefined };
  const folder = await mkdtemp(join(tmpdir(), 'trial-'));
  const store = await openTestStore(folder, { clock });
  await store.repositories.addUnknown([
    { slug: 'studio/one' as Slug, status: 'active', mode: 'shadow' },
    { slug: 'studio/live' as Slug, status: 'active' },
  ]);
  const registry: TrialWorld['registry'] = new Map();
  const deps: ShadowDeps = {
    ...store,
    clock,
    registry: { findPackument: async (name) => refuse(name) ?? packumentOf(name, registry.get(name)) },
    copies: {
      findCopy: async (name, version) => copyOf(registry.get(name)?.get(version)),
      readCopy: async (name, version) => registry.get(name)?.get(version)?.contents,
    },
    scopes: ['com.studio'],
    isShadow: false,
    ...more,
  };
  const addJob = async (): Promise<number> => {
    const packagePath = `p${now}${Math.random()}`;
    const { job } = await store.queue.accept(dispatchOf(one, commit, { packagePath }));
    return job;
  };
  return {
    store,
    registry,
    arrive: (name, version, what = {}) => {
      const versions = registry.get(name) ?? new Map<string, Arrived>();
      registry.set(name, versions.set(version, what));
    },
    pass: (hours) => {
      now += hours * 3_600_000;
    },
    addJob,
    record: async (name, version, given = {}) =>
      store.trial.record({
        name,
        version,
        repositoryId: one,
        commit,
        job: await addJob(),
        distTag: 'latest',
        integrity: 'sha512-ours',
        contents: { files: [], manifest: undefined },
        ...given,
      }),
    compare: async () => compareTrials(deps, never),
    told: async () => {
      const due = await store.outbox.listDue(100);
      for (const { id } of due) await store.outbox.markSent(id);
      return due.map(({ announcement }) => announcement);
    },
    stop: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

function packumentOf(
  name: string,
  versions: ReadonlyMap<string, Arrived> | undefined,
): Packument | undefined {
  if (versions === undefined) return undefined;
  const known = [...versions].map(([version, { integrity = 'sha512-theirs' }]) => {
    return [version, { version, integrity: integrity as Integrity }] as const;
  });
  return { name, versions: new Map(known), distTags: {}, repositoryUrl: undefined };
}

function copyOf(arrived: Arrived | undefined): PublishedCopy | undefined {
  if (arrived === undefined) return undefined;
  const { distTags = ['latest'], integrity = 'sha512-theirs', receivedAt } = arrived;
  return { distTags, integrity, receivedAt };
}
