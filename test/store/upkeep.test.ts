import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DailyCheck } from '../../src/domain/announcement/daily-check.ts';
import { failure } from '../../src/domain/failure/failure.ts';
import { blankResult, failed } from '../../src/domain/job/package-result.ts';
import type { Job, JobStatus, PackageResult } from '../../src/domain/job/report.ts';
import { summarizeDrift } from '../../src/domain/package/drift.ts';
import type { Integrity } from '../../src/domain/package/packument.ts';
import type { CommitSha, Slug } from '../../src/domain/repository/repository.ts';
import type { Store } from '../../src/store/store.ts';
import { claimJob, commitOf, dispatchOf } from './queued-job.ts';
import { openTestStore } from './test-store.ts';

const hourMs = 3_600_000;
const start = Date.UTC(2026, 10, 1);
let folder: string;
let store: Store;
let now: number;
let commits: number;

beforeEach(async () => {
  now = start;
  commits = 0;
  folder = await mkdtemp(join(tmpdir(), 'upkeep-'));
  store = await openTestStore(folder, {
    clock: { now: () => now, monotonic: () => now, sleep: async () => undefined },
  });
  await store.repositories.addUnknown([{ slug: 'studio/one' as Slug, status: 'active' }]);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

function resultOf(name: string, version: string, state: 'published' | 'failed'): PackageResult {
  const blank = { ...blankResult(name, name, state), version };
  if (state === 'published') return blank;
  return failed(blank, failure('registry-forbidden', { name, detail: 'HTTP 403' }));
}

/** Makes a job that ends an hour after its acceptance; returns its number. */
async function run(status: JobStatus, results: readonly PackageResult[]): Promise<Job> {
  const commit = commitOf(++commits);
  await store.queue.accept(dispatchOf(1, commit, { commitAuthor: 'ada' }));
  return finish(status, results);
}

async function finish(status: JobStatus, results: readonly PackageResult[]): Promise<Job> {
  const job = await claimJob(store.queue);
  await store.jobLog.savePackages(job, results);
  now += hourMs;
  await store.queue.finish(job, {
    status,
    failure: undefined,
    judgedBranch: undefined,
    announcement: undefined,
  });
  return job;
}

async function openNumbers(): Promise<readonly number[]> {
  return (await store.work.listFailures(0)).filter(({ isDismissed }) => !isDismissed).map(({ job }) => job);
}

describe('an open failure', () => {
  it('says what is not published and whose push it was', async () => {
    await run('partially-failed', [
      resultOf('core', '1.0.0', 'published'),
      resultOf('ui', '1.0.0', 'failed'),
    ]);
    expect(await store.work.listFailures(0)).toMatchObject([
      {
        job: 1,
        repository: 'studio/one',
        pusher: 'ada',
        isRetryable: true,
        packages: [{ name: 'ui', version: '1.0.0', title: expect.stringContaining('ui') }],
      },
    ]);
    expect(await store.work.listFailures(now + 1)).toEqual([]);
  });

  it.each(['1.0.0', '1.1.0'])('is closed when the package is published as %s', async (version) => {
    await run('failed', [resultOf('ui', '1.0.0', 'failed')]);
    await run('published', [resultOf('ui', version, 'published')]);
    expect(await openNumbers()).toEqual([]);
  });

  it('is not closed by another package or a lower version', async () => {
    await run('failed', [resultOf('ui', '1.0.0', 'failed')]);
    await run('published', [resultOf('core', '1.0.0', 'published'), resultOf('ui', '0.9.0', 'published')]);
    expect(await openNumbers()).toEqual([1]);
  });

  it('is followed by a newer job of its dispatch, even while that one waits', async () => {
    const { number } = await run('failed', [resultOf('ui', '1.0.0', 'failed')]);
    await store.retries.retry(number, 'discord:7');
    expect(await openNumbers()).toEqual([]);
    await finish('failed', [resultOf('ui', '1.0.0', 'failed')]);
    expect(await openNumbers()).toEqual([2]);
  });

  it('is dismissed once, with who did it in the audit trail', async () => {
    await run('failed', [resultOf('ui', '1.0.0', 'failed')]);
    await run('published', [resultOf('core', '1.0.0', 'published')]);
    expect(await store.retries.dismiss(1, 'discord:7')).toEqual({ kind: 'dismissed' });
    expect(await store.retries.dismiss(1, 'discord:8')).toEqual({ kind: 'already', by: 'discord:7' });
    expect(await store.retries.dismiss(2, 'discord:7')).toEqual({ kind: 'not-failed', status: 'published' });
    expect(await store.retries.dismiss(9, 'discord:7')).toEqual({ kind: 'unknown' });
    expect(await openNumbers()).toEqual([]);
    expect(await store.work.listFailures(0)).toHaveLength(1);
  });
});

describe('the counts of running and ended jobs', () => {
  it('cover a period, with the slowest of the jobs that published', async () => {
    await run('published', [resultOf('core', '1.0.0', 'published')]);
    const from = now;
    await run('failed', [resultOf('ui', '1.0.0', 'failed')]);
    await run('published', [resultOf('core', '1.1.0', 'published')]);
    expect(await store.work.summarize(from + 1, now + 1)).toEqual({
      ended: 2,
      failed: 1,
      slowest: { job: 3, repository: 'studio/one', durationMs: hourMs },
    });
    expect(await store.work.listPublished(from + 1, now + 1)).toEqual([
      { name: 'core', version: '1.1.0', repository: 'studio/one', job: 3 },
    ]);
    expect(await store.work.summarize(0, 1)).toEqual({ ended: 0, failed: 0, slowest: undefined });
  });

  it('say since when a job waits, runs, or is parked for a neighbour', async () => {
    await run('published', []);
    await store.queue.accept(dispatchOf(1, 'b'.repeat(40)));
    const accepted = now;
    expect(await store.work.listLive()).toMatchObject([{ job: 2, status: 'queued', since: accepted }]);
    now += hourMs;
    const job = await claimJob(store.queue);
    expect(await store.work.listLive()).toMatchObject([{ status: 'running', since: accepted + hourMs }]);
    await store.queue.giveBack(job, {
      kind: 'parked',
      neighbour: 'registry',
      outage: 'down',
      detail: 'HTTP 503',
    });
    expect(await store.work.listLive()).toMatchObject([{ status: 'queued', waitingFor: 'registry' }]);
  });

  it('include waiting messages, and say why the oldest one waits', async () => {
    const notice = { kind: 'repository-notice', repository: 'studio/one', title: 't', remedy: 'r' } as const;
    await store.outbox.add(notice, 'dispatcher-failed-1-a');
    await store.outbox.add(notice, 'dispatcher-failed-1-b');
    const [first] = await store.outbox.listDue(10);
    await store.outbox.postpone(first?.id ?? 0, now + hourMs, 'the thread is locked');
    expect(await store.work.findUnsent(now)).toMatchObject({ count: 0, since: undefined });
    expect(await store.work.findUnsent(now + 1)).toEqual({
      count: 2,
      since: now,
      detail: 'the thread is locked',
    });
    expect(await store.work.listFailingDispatchers(0)).toEqual(new Map([['studio/one', 2]]));
  });
});

describe('pending announcements', () => {
  it('of one lane do not wait for those of the other', async () => {
    const digest = { kind: 'monitor', troubles: [], stillOpen: 0, at: now } as const;
    const notice = { kind: 'repository-notice', repository: 'studio/one', title: 't', remedy: 'r' } as const;
    await store.told.tell('monitor', [{ announcement: digest, key: 'm' }], []);
    await store.outbox.add(notice, 'n');
    const [report] = await store.outbox.listDue(10, 'reports');
    await store.outbox.postpone(report?.id ?? 0, now + hourMs, 'gone');
    expect(await store.outbox.listDue(10, 'reports')).toEqual([]);
    expect(await store.outbox.listDue(10)).toMatchObject([{ announcement: { kind: 'repository-notice' } }]);
  });
});

describe('the memory of announced news', () => {
  it('is kept per teller, and replaced as a whole; an announcement of the same key is made once', async () => {
    const announcement = { kind: 'monitor', troubles: [], stillOpen: 0, at: now } as const;
    await store.told.tell('monitor', [{ announcement, key: 'a' }], [{ key: 'x', print: '1' }]);
    await store.told.tell('digest', [], [{ key: 'y', print: '2' }]);
    await store.told.tell('monitor', [{ announcement, key: 'a' }], [{ key: 'z', print: '3' }]);
    expect(await store.told.list('monitor')).toEqual(new Map([['z', '3']]));
    expect(await store.told.list('digest')).toEqual(new Map([['y', '2']]));
    expect(await store.outbox.listDue(10, 'reports')).toHaveLength(1);
  });
});

describe('the memory of the daily check', () => {
  it('keeps the last check and its names', async () => {
    const check: DailyCheck = {
      at: now,
      names: 1,
      unknownNames: 0,
      repositories: 1,
      unreadRepositories: 0,
      drift: summarizeDrift([]),
      anomalies: [{ kind: 'version-gone', name: 'core', versions: ['1.0.0'] }],
    };
    const known = { name: 'core', latest: '1.0.0', repository: 'studio/one', atHead: now };
    const many = Array.from({ length: 450 }, (_, index) => ({ ...known, name: `p${index}` }));
    await store.checks.save(check, many);
    await store.checks.save(check, [
      known,
      { name: 'ui', latest: undefined, repository: undefined, atHead: undefined },
    ]);
    expect(await store.checks.findLast()).toEqual(check);
    expect(await store.checks.listNames()).toEqual([
      known,
      { name: 'ui', latest: undefined, repository: undefined, atHead: undefined },
    ]);
  });

  it('knows what was seen on the registry, by the bytes that were sent last', async () => {
    await run('published', []);
    const record = async (version: string, integrity: string): Promise<number> => {
      const tarball = { file: 'f', bytes: 1, integrity: integrity as Integrity, shasum: 's' };
      const about = {
        name: 'core',
        version,
        job: 1,
        commit: 'a'.repeat(40) as CommitSha,
        path: '',
        distTag: 'latest',
      };
      return (await store.ledger.recordIntent({ ...about, tarball })).id;
    };
    const [first, second, open] = [
      await record('1.0.0', 'one'),
      await record('1.0.0', 'two'),
      await record('1.1.0', 'x'),
    ];
    await store.ledger.markIntent(first, 'stored', null);
    await store.ledger.markIntent(open, 'sent', null);
    expect(await store.versions.listStored()).toMatchObject([
      { name: 'core', version: '1.0.0', integrity: 'one', bytes: 1 },
    ]);
    await store.ledger.markIntent(second, 'stored', null);
    expect(await store.versions.listStored()).toMatchObject([
      { name: 'core', version: '1.0.0', integrity: 'two', bytes: 1 },
    ]);
  });
});
