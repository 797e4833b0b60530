import { expect, it } from 'vitest';
import type { CommitSha, RepositoryId } from '../../../src/domain/repository/repository.ts';
import type { HeadLook } from '../../../src/ports/judgements.ts';
import { claimJob, commitOf, dispatchOf } from '../queued-job.ts';
import { pass, store, useStillStore } from '../still-store.ts';

useStillStore({ 'studio/one': 'active', 'studio/two': 'active' });

const first = commitOf(1) as CommitSha;
const second = commitOf(2) as CommitSha;

function look(of: Partial<HeadLook> = {}): HeadLook {
  return { repositoryId: 1 as RepositoryId, commit: first, place: 'main', kind: 'push', ...of };
}

const neighbour = look({ repositoryId: 2 as RepositoryId });

/** A process that dies during these looks, and the next one that starts. */
async function dieDuring(...looks: readonly HeadLook[]): Promise<number> {
  for (const item of looks) await store.lookMarks.begin(item);
  return (await store.lookMarks.countCrashes()).length;
}

async function told(): Promise<readonly string[]> {
  return (await store.outbox.listDue(10)).map(({ announcement }) => announcement.kind);
}

it('leaves a commit alone once two processes died during a look at it, and tells so once', async () => {
  expect(await dieDuring(look())).toBe(0);
  expect(await store.lookMarks.judge(look())).toBe('suspected');
  expect(await dieDuring(look())).toBe(1);
  expect(await store.lookMarks.judge(look())).toBe('left-alone');
  expect(await store.lookMarks.countCrashes()).toEqual([]);
  expect(await told()).toEqual(['repository-notice']);
  expect(await store.lookMarks.listLeftAlone()).toEqual([{ repository: 'studio/one', commit: first }]);
});

it('counts nothing for a look that ended, and nothing for one that the process was asked to end', async () => {
  await store.lookMarks.begin(look());
  await store.lookMarks.end(look(), true);
  await store.lookMarks.begin(neighbour);
  await store.lookMarks.pardon();
  await store.lookMarks.countCrashes();
  expect(await store.lookMarks.listSuspected()).toEqual(new Set());
});

it('clears a neighbour whose own look ends well, and keeps it suspected when an outage ends it', async () => {
  await dieDuring(look(), neighbour);
  await store.lookMarks.begin(neighbour);
  await store.lookMarks.end(neighbour, false);
  expect(await store.lookMarks.judge(neighbour)).toBe('suspected');
  await store.lookMarks.begin(neighbour);
  await store.lookMarks.end(neighbour, true);
  expect(await store.lookMarks.judge(neighbour)).toBe('trusted');
  expect(await store.lookMarks.judge(look())).toBe('suspected');
});

it('does not clear what one kind of look did by another kind that ends well', async () => {
  await dieDuring(look({ kind: 'catalog' }));
  await store.lookMarks.begin(look());
  await store.lookMarks.end(look(), true);
  expect(await store.lookMarks.judge(look())).toBe('suspected');
});

it('does not end a look that goes on elsewhere', async () => {
  await store.lookMarks.begin(look());
  await store.lookMarks.begin(look());
  await store.lookMarks.end(look(), true);
  await store.lookMarks.countCrashes();
  expect(await store.lookMarks.judge(look())).toBe('suspected');
});

it('counts no second crash while a job ran that could have caused it', async () => {
  await dieDuring(look());
  await store.queue.accept(dispatchOf(2, second));
  await claimJob(store.queue);
  expect(await dieDuring(look())).toBe(0);
  await store.keeper.recover(3);
  expect(await dieDuring(look())).toBe(1);
});

it('looks at another commit of the branch, and forgets the one before', async () => {
  await dieDuring(look());
  await dieDuring(look());
  expect(await store.lookMarks.judge(look({ commit: second }))).toBe('trusted');
  await store.lookMarks.begin(look({ commit: second, place: '#12', kind: 'check' }));
  expect(await store.lookMarks.judge(look())).toBe('left-alone');
  await store.lookMarks.begin(look({ commit: second }));
  expect(await store.lookMarks.judge(look())).toBe('trusted');
});

it('is lifted by a person, who is written down, and told again when it comes back', async () => {
  await dieDuring(look());
  await dieDuring(look());
  expect(await store.lookMarks.lift(look().repositoryId, 'discord:1')).toBe(true);
  expect(await store.lookMarks.lift(look().repositoryId, 'discord:1')).toBe(false);
  expect(await store.lookMarks.judge(look())).toBe('trusted');
  pass(1_000);
  await dieDuring(look());
  await dieDuring(look());
  expect(await told()).toEqual(['repository-notice', 'repository-notice']);
});

it('is told once when two kinds of looks were going on', async () => {
  await dieDuring(look());
  pass(1_000);
  const check = look({ kind: 'check' });
  await dieDuring(check);
  expect(await dieDuring(look(), check)).toBe(1);
  expect(await told()).toEqual(['repository-notice']);
});
