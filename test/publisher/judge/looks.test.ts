import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../../src/adapters/system/system-clock.ts';
import type { Repository, Slug } from '../../../src/domain/repository/repository.ts';
import { buildLooks, type Looks, putLast } from '../../../src/publisher/judge/looks.ts';
import type { Store } from '../../../src/store/store.ts';
import { commitOf } from '../../store/queued-job.ts';
import { openTestStore } from '../../store/test-store.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const never = new AbortController().signal;
let folder: string;
let store: Store;
let looks: Looks;
let repositories: readonly Repository[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looks-'));
  store = await openTestStore(folder);
  const slugs = ['studio/one', 'studio/two', 'studio/three'] as Slug[];
  await store.repositories.addUnknown(slugs.map((slug) => ({ slug, status: 'active' }) as const));
  repositories = await store.repositories.list();
  looks = buildLooks({ clock: systemClock, logger: silent, marks: store.lookMarks });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

function repository(slug: string): Repository {
  const found = repositories.find((item) => item.slug === slug);
  if (found === undefined) throw new Error(`${slug} is not registered`);
  return found;
}

const place = { commit: commitOf(1), place: 'main', kind: 'push' } as const;

/** Begins a look that goes on until the test ends it. */
async function hold(slug: string): Promise<{ end(): Promise<void>; readonly ended: Promise<void> }> {
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const ended = looks.take(
    { repository: repository(slug), ...place },
    async () => {
      begun.resolve();
      await gate.promise;
    },
    never,
  );
  await begun.promise;
  const end = async (): Promise<void> => {
    gate.resolve();
    await ended;
  };
  return { end, ended };
}

async function dieDuring(...slugs: readonly string[]): Promise<void> {
  for (const slug of slugs) await store.lookMarks.begin({ repositoryId: repository(slug).id, ...place });
  await store.lookMarks.countCrashes();
}

it('looks that once killed a process come after the others, and one at a time', async () => {
  await dieDuring('studio/one', 'studio/two');
  const order: string[] = [];
  const note = async (slug: string): Promise<void> =>
    looks.take(
      { repository: repository(slug), ...place },
      async () => {
        order.push(`${slug} begins`);
        await store.lookMarks.listSuspected();
        order.push(`${slug} ends`);
      },
      never,
    );
  const trusted = await hold('studio/three');
  const suspected = [note('studio/one'), note('studio/two')];
  await store.lookMarks.listSuspected();
  expect(order).toEqual([]);
  await trusted.end();
  await Promise.all(suspected);
  expect(order).toEqual(['studio/one begins', 'studio/one ends', 'studio/two begins', 'studio/two ends']);
  expect(await looks.listSuspected()).toEqual(new Set());
});

it('no other look begins while a look that once killed a process runs', async () => {
  await dieDuring('studio/one');
  const suspected = await hold('studio/one');
  let isJoined = false;
  const joining = hold('studio/two').then((held) => {
    isJoined = true;
    return held;
  });
  await store.lookMarks.listSuspected();
  expect(isJoined).toBe(false);
  await suspected.end();
  await (await joining).end();
});

it('a look that killed two processes is not begun, and fails with how to go on', async () => {
  await dieDuring('studio/one');
  await dieDuring('studio/one');
  const refused = looks.take({ repository: repository('studio/one'), ...place }, async () => 'taken', never);
  await expect(refused).rejects.toMatchObject({ failure: { reason: 'head-left-alone' } });
  await looks.lift(repository('studio/one').id, 'discord:1');
  const again = looks.take({ repository: repository('studio/one'), ...place }, async () => 'taken', never);
  expect(await again).toBe('taken');
});

it('repositories whose look killed a process come last', () => {
  const [first] = repositories;
  const order = putLast(repositories, new Set(first === undefined ? [] : [first.id]));
  expect(order.at(-1)).toBe(first);
  expect(order).toHaveLength(3);
});
