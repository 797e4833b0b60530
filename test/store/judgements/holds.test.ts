import { describe, expect, it } from 'vitest';
import { announceJob } from '../../../src/domain/announcement/announcement.ts';
import { failure } from '../../../src/domain/failure/failure.ts';
import { blankResult, failed, held } from '../../../src/domain/job/package-result.ts';
import type { AwaitedVersion, Job, JobStatus, PackageResult } from '../../../src/domain/job/report.ts';
import type { RepositoryId } from '../../../src/domain/repository/repository.ts';
import { claimJob, commitOf, dispatchOf, endedAs } from '../queued-job.ts';
import { now, store, useStillStore } from '../still-store.ts';

useStillStore({ 'studio/one': 'active', 'studio/two': 'active' });

const core = { name: 'com.studio.core', version: '1.0.0' };
const base = { name: 'com.studio.base', version: '2.0.0' };

function judged(name: string, version: string): PackageResult {
  return { ...blankResult(name, `Packages/${name}`, 'not-attempted'), version };
}

function holding(name: string, version: string, ...awaits: readonly AwaitedVersion[]): PackageResult {
  return held(judged(name, version), { branch: 'main', awaits });
}

function published(name: string, version: string): PackageResult {
  return { ...judged(name, version), state: 'published' };
}

let commits = 0;

/** Makes a job for a push of this repository (1 or 2) that ends like this. */
async function push(repository: number, ...results: readonly PackageResult[]): Promise<Job> {
  commits += 1;
  await store.queue.accept(dispatchOf(repository, commitOf(commits)));
  return finish(await claimJob(store.queue), ...results);
}

async function finish(job: Job, ...results: readonly PackageResult[]): Promise<Job> {
  await store.jobLog.savePackages(job, results);
  const isPublished = results.some(({ state }) => state === 'published');
  const status: JobStatus = isPublished ? 'published' : 'nothing-to-publish';
  const about = { subject: 'Change', author: 'Ada', branch: 'main' };
  const announcement = announceJob({
    job: job.number,
    dispatchId: job.dispatchId,
    repository: job.slug,
    commit: job.commit,
    about,
    requestedBy: job.requestedBy,
    commitAuthor: undefined,
    status,
    failure: undefined,
    results,
    earlier: new Map(),
    durationMs: 1,
    finishedAt: now,
  });
  await store.queue.finish(job, endedAs(status, { announcement }));
  return job;
}

async function settlements(): Promise<readonly unknown[]> {
  const told = await store.outbox.listDue(100);
  return told.flatMap(({ announcement }) =>
    announcement.kind === 'hold-settled' ? [announcement.settled] : [],
  );
}

describe('a held version', () => {
  it('is remembered with the versions that it waits for, which are looked for', async () => {
    const job = await push(1, holding('com.studio.app', '1.2.0', core, base));
    expect(await store.holds.list({ repositoryId: 1 as RepositoryId })).toMatchObject([
      {
        repository: 'studio/one',
        name: 'com.studio.app',
        version: '1.2.0',
        job: job.number,
        awaits: [base, core],
      },
    ]);
    const awaited = await store.holds.listAwaited();
    const versions = Object.fromEntries(awaited.map((item) => [item.name, item.versions]));
    expect(versions).toEqual({ 'com.studio.base': ['2.0.0'], 'com.studio.core': ['1.0.0'] });
  });

  it('is queued by the publish of the last version that it waits for, in its own commit and folder', async () => {
    const waiting = await push(1, holding('com.studio.app', '1.2.0', core, base));
    await push(2, published(core.name, core.version));
    expect(await store.queue.claim([])).toBeUndefined();
    await push(2, published(base.name, base.version));
    const job = await claimJob(store.queue);
    expect(job).toMatchObject({
      commit: waiting.commit,
      dispatchId: waiting.dispatchId,
      onlyPaths: ['Packages/com.studio.app'],
      requestedBy: 'arrival',
    });
    expect(await store.queue.claim([])).toBeUndefined();
    await finish(job, published('com.studio.app', '1.2.0'));
    expect(await store.holds.list({})).toEqual([]);
    const done = { name: 'com.studio.app', version: '1.2.0', outcome: 'published', detail: null };
    expect(await settlements()).toEqual([[{ ...done, job: job.number }]]);
  });

  it('is not queued by another version, nor by one that was only skipped', async () => {
    await push(1, holding('com.studio.app', '1.2.0', core));
    await push(2, published(core.name, '1.0.1'), { ...judged(core.name, core.version), state: 'skipped' });
    expect(await store.queue.claim([])).toBeUndefined();
    expect(await store.holds.list({})).toHaveLength(1);
  });

  it('is queued once when one job publishes for several of a commit, and for each commit by itself', async () => {
    await push(1, holding('com.studio.left', '1.0.0', core), holding('com.studio.right', '1.0.0', core));
    await push(1, holding('com.studio.late', '1.0.0', core));
    await push(2, published(core.name, core.version));
    const first = await claimJob(store.queue);
    expect(first.onlyPaths).toEqual(['Packages/com.studio.left', 'Packages/com.studio.right']);
    await finish(first, published('com.studio.left', '1.0.0'), published('com.studio.right', '1.0.0'));
    const second = await claimJob(store.queue);
    expect(second.onlyPaths).toEqual(['Packages/com.studio.late']);
    await finish(second, published('com.studio.late', '1.0.0'));
    expect(await store.queue.claim([])).toBeUndefined();
  });

  it('is queued at once when what it waits for was published after it looked', async () => {
    await store.queue.accept(dispatchOf(1, commitOf(901)));
    await store.queue.accept(dispatchOf(2, commitOf(902)));
    const [app, dependency] = [await claimJob(store.queue), await claimJob(store.queue)];
    const intent = await store.ledger.recordIntent({
      ...core,
      job: dependency.number,
      commit: dependency.commit,
      path: '',
      distTag: 'latest',
      tarball: { file: '/x.tgz', bytes: 1, integrity: 'sha512-x', shasum: 'x' } as never,
    });
    await store.ledger.markIntent(intent.id, 'stored', null);
    await finish(dependency, published(core.name, core.version));
    await finish(app, holding('com.studio.app', '1.0.0', core));
    expect(await claimJob(store.queue)).toMatchObject({ onlyPaths: ['Packages/com.studio.app'] });
  });

  it('is queued once when the registry shows the version, however often it is looked at', async () => {
    await push(1, holding('com.studio.app', '1.2.0', core));
    expect(await store.holds.noteLook(core.name, [])).toBe(0);
    expect(await store.holds.listAwaited()).toMatchObject([{ lookedAt: now }]);
    expect(await store.holds.noteLook(core.name, [core.version])).toBe(1);
    expect(await store.holds.noteLook(core.name, [core.version])).toBe(0);
    expect(await store.holds.releaseReady()).toBe(0);
  });

  it('waits while its repository is disabled, and goes on when that is active again', async () => {
    await push(1, holding('com.studio.app', '1.2.0', core));
    await store.register.change(1 as RepositoryId, { status: 'disabled' }, [], 'discord:1');
    await push(2, published(core.name, core.version));
    expect(await store.queue.claim([])).toBeUndefined();
    await store.register.change(1 as RepositoryId, { status: 'active' }, [], 'discord:1');
    expect(await store.holds.releaseReady()).toBe(1);
  });

  it('ends without a failure when a higher version of the same branch is published', async () => {
    await push(1, holding('com.studio.app', '1.2.0', core));
    await push(1, published('com.studio.app', '1.3.0'));
    expect(await store.holds.list({})).toEqual([]);
    expect(await settlements()).toMatchObject([
      [{ outcome: 'passed', detail: '1.3.0 was published while it waited' }],
    ]);
  });

  it('is announced once: judged again, its wait goes on under the first message', async () => {
    const first = await push(1, holding('com.studio.app', '1.2.0', core));
    await push(1, holding('com.studio.app', '1.2.0', base));
    expect(await store.holds.list({})).toMatchObject([{ toldIn: first.number, awaits: [base] }]);
  });

  it('is no longer queued by arriving versions once a person has cancelled it', async () => {
    const { number } = await push(1, holding('com.studio.app', '1.2.0', core));
    expect(await store.holds.cancel(number, 'discord:7')).toBe(1);
    expect(await store.holds.cancel(number, 'discord:7')).toBe(0);
    await push(2, published(core.name, core.version));
    expect(await store.queue.claim([])).toBeUndefined();
    expect(await settlements()).toMatchObject([[{ outcome: 'cancelled', job: null }]]);
  });

  it('ends as cancelled when the job that was queued for it is cancelled', async () => {
    await push(1, holding('com.studio.app', '1.2.0', core));
    await store.holds.noteLook(core.name, [core.version]);
    const [hold] = await store.holds.list({});
    await store.keeper.cancelQueued(hold?.job ?? 0, 'discord:7');
    expect(await store.holds.list({})).toEqual([]);
    expect(await settlements()).toMatchObject([[{ outcome: 'cancelled' }]]);
  });

  it('ends with the reason when it fails after its wait', async () => {
    await push(1, holding('com.studio.app', '1.2.0', core));
    await store.holds.noteLook(core.name, [core.version]);
    const why = failure('name-contested', { name: 'com.studio.app', holders: 'two' });
    await finish(await claimJob(store.queue), failed(judged('com.studio.app', '1.2.0'), why));
    expect(await settlements()).toMatchObject([
      [{ outcome: 'failed', detail: 'It is not clear which repository owns com.studio.app: two' }],
    ]);
  });

  it('can be retried by a person although its job did not fail', async () => {
    const { number } = await push(1, holding('com.studio.app', '1.2.0', core));
    expect(await store.retries.retry(number, 'discord:7')).toMatchObject({ kind: 'queued' });
  });

  it('is in the audit trail from its beginning to its end', async () => {
    await push(1, holding('com.studio.app', '1.2.0', core));
    await push(2, published(core.name, core.version));
    await finish(await claimJob(store.queue), published('com.studio.app', '1.2.0'));
    const { rows } = await store.auditPages.listPage({ limit: 100 });
    const told = rows.toReversed().filter(({ subject }) => subject === 'com.studio.app@1.2.0');
    expect(told.map(({ action }) => action)).toEqual([
      'package-held',
      'hold-released',
      'package-published',
      'hold-ended',
    ]);
    expect(told[0]?.facts).toMatchObject({ awaits: [core], reason: 'dependency-held' });
  });
});
