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

/** Dies during these looks and starts again; returns the number of commits that are now left alone. */
async function dieDuring(...looks: readonly HeadLook[]): Promise<number> {
  for (const item of looks) await store.lookMarks.begin(item);
  return (await store.lookMarks.countCrashes()).length;
}

async function told(): Promise<readonly string[]> {
  return (await store.outbox.listDue(10)).map(({ announcement }) => announcement.kind);
}

it('a commit is left alone once two processes died during a look at it, which is announced once', async () => {
  expect(await dieDuring(look())).toBe(0);
  expect(await store.lookMarks.judge(look())).toBe('suspected');
  expect(await dieDuring(look())).toBe(1);
  expect(await store.lookMarks.judge(look())).toBe('left-alone');
  expect(await store.lookMarks.countCrashes()).toEqual([]);
  expect(await told()).toEqual(['repository-notice']);
  expect(await store.lookMarks.listLeftAlone()).toEqual([{ repository: 'studio/one', commit: first }]);
});

it('a look that ended, or that the process was asked to end, counts no crash', async () => {
  await store.lookMarks.begin(look());
  await store.lookMarks.end(look(), true);
  await store.lookMarks.begin(neighbour);
  await store.lookMarks.pardon();
  await store.lookMarks.countCrashes();
  expect(await store.lookMarks.listSuspected()).toEqual(new Set());
});

it('a repository is cleared when its own look ends well, and stays suspected when an outage ends it', async () => {
  await dieDuring(look(), neighbour);
  await store.lookMarks.begin(neighbour);
  await store.lookMarks.end(neighbour, false);
  expect(await store.lookMarks.judge(neighbour)).toBe('suspected');
  await store.lookMarks.begin(neighbour);
  await store.lookMarks.end(neighbour, true);
  expect(await store.lookMarks.judge(neighbour)).toBe('trusted');
  expect(await store.lookMarks.judge(look())).toBe('suspected');
});

it('a crash during one kind of look is not cleared by another kind that ends well', async () => {
  await dieDuring(look({ kind: 'catalog' }));
  await store.lookMarks.begin(look());
  await store.lookMarks.end(look(), true);
  expect(await store.lookMarks.judge(look())).toBe('suspected');
});

it('ending a look does not end the same look that goes on elsewhere', async () => {
  await store.lookMarks.begin(look());
  await store.lookMarks.begin(look());
  await store.lookMarks.end(look(), true);
  await store.lookMarks.countCrashes();
  expect(await store.lookMarks.judge(look())).toBe('suspected');
});

it('no second crash is counted while a job ran that could have caused it', async () => {
  await dieDuring(look());
  await store.queue.accept(dispatchOf(2, second));
  await claimJob(store.queue);
  expect(await dieDuring(look())).toBe(0);
  await store.keeper.recover(3);
  expect(await dieDuring(look())).toBe(1);
});

it('another commit of the branch is looked at, and the marks of the one before are forgotten', async () => {
  await dieDuring(look());
  await dieDuring(look());
  expect(await store.lookMarks.judge(look({ commit: second }))).toBe('trusted');
  await store.lookMarks.begin(look({ commit: second, place: '#12', kind: 'check' }));
  expect(await store.lookMarks.judge(look())).toBe('left-alone');
  await store.lookMarks.begin(look({ commit: second }));
  expect(await store.lookMarks.judge(look())).toBe('trusted');
});

it('a mark is lifted by a person, with an audit row, and announced again when it comes back', async () => {
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

it('a commit is announced once when two kinds of looks were going on', async () => {
  await dieDuring(look());
  pass(1_000);
  const check = look({ kind: 'check' });
  await dieDuring(check);
  expect(await dieDuring(look(), check)).toBe(1);
  expect(await told()).toEqual(['repository-notice']);
});
