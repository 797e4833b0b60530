import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../../src/domain/failure.ts';
import { blankResult, failed } from '../../src/domain/package-result.ts';
import type { Integrity } from '../../src/domain/packument.ts';
import { buildRedactor } from '../../src/domain/redact.ts';
import type { Job } from '../../src/domain/report.ts';
import type { CommitSha, RepositoryId, Slug } from '../../src/domain/repository.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { JobEnd } from '../../src/ports/job-queue.ts';
import { openStore, type Store, StoreDamagedError, StoreLockedError } from '../../src/store/store.ts';

const secret = 'planted-secret-value';
const registry = 'https://npm.studio.test/';
let folder: string;
let store: Store;
let now: number;
const clock: Clock = { now: () => now, monotonic: () => now, sleep: async () => undefined };

async function open(): Promise<Store> {
  return openStore({ folder, registry, clock, redact: buildRedactor(() => [secret]) });
}

beforeEach(async () => {
  now = 1_800_000_000_000;
  folder = await mkdtemp(join(tmpdir(), 'store-'));
  store = await open();
  await store.repositories.addUnknown([
    { slug: 'studio/one' as Slug, status: 'active' },
    { slug: 'studio/two' as Slug, status: 'active' },
  ]);
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const sha = (digit: number): CommitSha => digit.toString(16).padStart(40, '0') as CommitSha;

function request(
  repository: number,
  commit: number,
  extra: Partial<Parameters<Store['queue']['accept']>[0]> = {},
) {
  return {
    repositoryId: repository as RepositoryId,
    commit: sha(commit),
    packagePath: '',
    branch: undefined,
    commitMessage: undefined,
    commitAuthor: undefined,
    requestedBy: 'event',
    allowLower: false,
    ...extra,
  };
}

const ended = (status: JobEnd['status'], extra: Partial<JobEnd> = {}): JobEnd => ({
  status,
  failure: undefined,
  judgedBranch: undefined,
  announcement: undefined,
  ...extra,
});

async function claim(down: Parameters<Store['queue']['claim']>[0] = []): Promise<Job> {
  const job = await store.queue.claim(down);
  if (job === undefined) throw new Error('nothing to claim');
  return job;
}

describe('accepting', () => {
  it('makes one job of the same dispatch while it is queued, running or has published', async () => {
    const first = await store.queue.accept(request(1, 1));
    expect(first).toMatchObject({ job: 1, duplicate: false, status: 'queued' });
    expect(await store.queue.accept(request(1, 1))).toMatchObject({ id: first.id, job: 1, duplicate: true });
    const job = await claim();
    expect(await store.queue.accept(request(1, 1))).toMatchObject({ status: 'running', duplicate: true });
    await store.queue.finish(job, ended('published'));
    expect(await store.queue.accept(request(1, 1))).toMatchObject({ status: 'published', duplicate: true });
  });

  it('makes a job of everything beside one of what changed, once, and again when it has published', async () => {
    const all = request(1, 1, { everything: true });
    const { id } = await store.queue.accept(request(1, 1));
    expect(await store.queue.accept(all)).toMatchObject({ id, job: 2, duplicate: false });
    expect(await store.queue.accept(all)).toMatchObject({ job: 2, duplicate: true });
    expect(await store.queue.accept(request(1, 1))).toMatchObject({ job: 2, duplicate: true });
    for (const everything of [false, true]) {
      const job = await claim();
      expect(job.everything).toBe(everything);
      await store.queue.finish(job, ended('published'));
    }
    expect(await store.queue.accept(request(1, 1))).toMatchObject({ job: 2, duplicate: true });
    expect(await store.queue.accept(all)).toMatchObject({ id, job: 3, duplicate: false });
  });

  it.each([true, false])('retries a job with the same everything (%s)', async (everything) => {
    await store.queue.accept(request(1, 1, { everything }));
    await store.queue.finish(await claim(), ended('failed'));
    await store.retries.retry(1, '7');
    expect(await claim()).toMatchObject({ number: 2, everything });
  });

  it('makes a new job of the same dispatch after a failure, and tells other paths apart', async () => {
    const first = await store.queue.accept(request(1, 1));
    await store.queue.finish(await claim(), ended('failed'));
    expect(await store.queue.accept(request(1, 1))).toMatchObject({ id: first.id, job: 2, duplicate: false });
    const other = await store.queue.accept(request(1, 1, { packagePath: 'Packages/a' }));
    expect(other).toMatchObject({ job: 3, duplicate: false });
    expect(other.id).not.toBe(first.id);
  });

  it('keeps no secret that stands in a commit message', async () => {
    await store.queue.accept(request(1, 1, { commitMessage: `oops ${secret}` }));
    await store.close();
    const raw = new Sqlite(join(folder, 'publisher.db'), { readonly: true });
    const row = raw.prepare('select commit_message from dispatches').pluck().get();
    raw.close();
    store = await open();
    expect(row).toBe('oops «redacted»');
  });
});

describe('claiming', () => {
  it('runs one job of a repository at a time, in the order of acceptance, and repositories side by side', async () => {
    for (const [repository, commit] of [
      [1, 1],
      [1, 2],
      [2, 3],
    ] as const) {
      await store.queue.accept(request(repository, commit));
    }
    const a = await claim();
    const b = await claim();
    expect([a.number, b.number]).toEqual([1, 3]);
    expect(await store.queue.claim([])).toBeUndefined();
    await store.queue.finish(a, ended('published'));
    expect((await claim()).number).toBe(2);
  });

  it('passes over a job that waits, without letting a later one of its repository overtake', async () => {
    await store.queue.accept(request(1, 1));
    await store.queue.accept(request(1, 2));
    await store.queue.giveBack(await claim(), { kind: 'retry', notBefore: now + 5_000 });
    expect(await store.queue.claim([])).toBeUndefined();
    expect(await store.queue.findNextDueAt()).toBe(now + 5_000);
    now += 5_000;
    expect(await claim()).toMatchObject({ number: 1, attempt: 2 });
  });

  it('spends an attempt on a retry, and none on an outage, a stop or a version that is not visible yet', async () => {
    await store.queue.accept(request(1, 1));
    const kinds = [
      { kind: 'parked', neighbour: 'registry', outage: 'down', detail: 'HTTP 503' },
      { kind: 'released' },
      { kind: 'visibility', notBefore: 0 },
      { kind: 'retry', notBefore: 0 },
    ] as const;
    const attempts: number[] = [];
    for (const how of kinds) {
      const job = await claim();
      attempts.push(job.attempt);
      await store.queue.giveBack(job, how);
    }
    expect(attempts).toEqual([1, 1, 1, 1]);
    expect((await claim()).attempt).toBe(2);
  });
});

describe('outages', () => {
  it('parks jobs in order, resumes them together, and keeps when they were parked first', async () => {
    await store.queue.accept(request(1, 1));
    const parked = { kind: 'parked', neighbour: 'registry', outage: 'down', detail: 'HTTP 503' } as const;
    await store.queue.giveBack(await claim(), parked);
    expect(await store.queue.claim(['registry'])).toBeUndefined();
    expect(await store.queue.findNextDueAt()).toBeUndefined();
    const first = now;
    now += 60_000;
    expect(await store.keeper.resume('registry')).toBe(1);
    await store.queue.giveBack(await claim(['registry']), parked);
    expect(await store.keeper.listParked()).toMatchObject([{ number: 1, since: first, slug: 'studio/one' }]);
    expect(await store.keeper.countDepth()).toEqual({ queued: 1, running: 0, parked: 1 });
  });

  it('asks a person after the parking time, with what the neighbour last said', async () => {
    const { id } = await store.queue.accept(request(1, 1));
    const parked = { kind: 'parked', neighbour: 'git-host', outage: 'down', detail: 'HTTP 502' } as const;
    await store.queue.giveBack(await claim(), parked);
    expect(await store.keeper.failParked(now - 1)).toBe(0);
    expect(await store.keeper.failParked(now)).toBe(1);
    const report = await store.jobLog.findReport(id);
    expect(report?.jobs[0]).toMatchObject({ status: 'failed', failure: { reason: 'git-host-unavailable' } });
    expect(await store.outbox.listDue(9)).toHaveLength(1);
  });
});

describe('after a crash', () => {
  it('puts running jobs back twice and fails them at the third, with an announcement', async () => {
    const { id } = await store.queue.accept(request(1, 1));
    for (const crash of [1, 2]) {
      await claim();
      await store.close();
      store = await open();
      expect(await store.keeper.recover(3), `crash ${crash}`).toEqual([1]);
      expect(await store.outbox.listDue(9)).toEqual([]);
    }
    await claim();
    expect(await store.keeper.recover(3)).toEqual([]);
    const report = await store.jobLog.findReport(id);
    expect(report?.jobs[0]).toMatchObject({
      status: 'failed',
      failure: { reason: 'interrupted-by-restart' },
    });
    expect((await store.outbox.listDue(9))[0]?.announcement).toMatchObject({ kind: 'job-finished', job: 1 });
  });
});

describe('what a job leaves', () => {
  it('keeps packages and stages for the report, and open packages until they are settled', async () => {
    const { id } = await store.queue.accept(request(1, 1));
    const job = await claim();
    const stage = await store.jobLog.startStage(job, 'pack', 'com.studio.a');
    now += 40;
    await store.jobLog.endStage(stage);
    const bad = failed(
      blankResult('com.studio.a', 'a', 'failed'),
      failure('pack-failed', { problem: secret }),
    );
    await store.jobLog.savePackages(job, [bad, blankResult('com.studio.b', 'b', 'unchanged')]);
    await store.queue.finish(job, ended('failed', { judgedBranch: 'main' }));
    const report = await store.jobLog.findReport(id);
    expect(report?.jobs[0]?.packages[0]).toMatchObject({ outcome: 'failed', reason: 'pack-failed' });
    expect(JSON.stringify(report)).not.toContain(secret);
    expect(report?.jobs[0]?.stages).toEqual([
      { stage: 'pack', package: 'com.studio.a', attempt: 1, startedAt: now - 40, durationMs: 40 },
    ]);
    expect(await store.judged.listJudged(job.repositoryId, 'main', 9)).toEqual([sha(1)]);
    await store.queue.accept(request(1, 2));
    const next = await claim();
    expect(await store.jobLog.listOpenPackages(next, 'main')).toEqual([
      { path: 'a', name: 'com.studio.a', state: 'failed', commit: sha(1) },
    ]);
    await store.jobLog.savePackages(next, [blankResult('com.studio.a', 'a', 'published')]);
    await store.queue.finish(next, ended('published', { judgedBranch: 'main' }));
    expect(await store.jobLog.listOpenPackages(next, 'main')).toEqual([]);
  });

  it('remembers what the newest earlier job of the same repository said of a folder, "unchanged" apart', async () => {
    const said: readonly (readonly [number, 'failed' | 'published' | 'unchanged', string])[] = [
      [1, 'failed', 'first'],
      [1, 'published', 'second'],
      [1, 'unchanged', 'third'],
      [2, 'published', 'elsewhere'],
    ];
    for (const [index, [repository, state, warning]] of said.entries()) {
      await store.queue.accept(request(repository, index + 1));
      const job = await claim();
      const result = { ...blankResult('com.studio.a', 'a', state), warnings: [warning] };
      await store.jobLog.savePackages(job, [result]);
      await store.queue.finish(job, ended('published'));
    }
    await store.queue.accept(request(1, 9));
    const now = await claim();
    await store.jobLog.savePackages(now, [blankResult('com.studio.a', 'a', 'published')]);
    const earlier = await store.jobLog.listEarlier(now, ['a', 'b']);
    expect([...earlier].map(([path, { warnings }]) => [path, warnings])).toEqual([['a', ['second']]]);
    expect(await store.jobLog.listEarlier(now, [])).toEqual(new Map());
  });

  it('remembers owners and intents; the first claim of a name wins', async () => {
    await store.queue.accept(request(1, 1));
    const first = await store.ledger.claimName('com.studio.a', 1 as RepositoryId, 'first-publish');
    const second = await store.ledger.claimName('com.studio.a', 2 as RepositoryId, 'packument');
    expect([first.slug, second.slug]).toEqual(['studio/one', 'studio/one']);
    const tarball = { file: '/t.tgz', bytes: 3, integrity: 'sha512-x' as Integrity, shasum: 'aa' };
    const draft = {
      name: 'com.studio.a',
      version: '1.0.0',
      job: 1,
      commit: sha(1),
      path: '',
      distTag: 'latest',
      tarball,
    };
    const intent = await store.ledger.recordIntent(draft);
    await store.ledger.markIntent(intent.id, 'sent', now + 5);
    expect(await store.ledger.listIntents('com.studio.a', '1.0.0')).toEqual([
      { ...draft, id: intent.id, state: 'sent', mayLandUntil: now + 5 },
    ]);
  });

  it('says an announcement once per key and in order', async () => {
    const outage = { kind: 'outage', neighbour: 'registry', since: now, detail: 'down', waiting: 1 } as const;
    await store.outbox.add(outage, 'a');
    await store.outbox.add(outage, 'a');
    await store.outbox.add(outage, 'b');
    const [first] = await store.outbox.listDue(9);
    await store.outbox.postpone(first?.id ?? 0, now + 10, 'unreachable');
    expect(await store.outbox.listDue(9)).toEqual([]);
    now += 10;
    expect(await store.outbox.listDue(9)).toHaveLength(2);
  });

  it('does not let the audit trail be rewritten or emptied', async () => {
    await store.audit.append({ action: 'test', actor: 'me', subject: 'it', facts: { password: secret } });
    await store.close();
    const raw = new Sqlite(join(folder, 'publisher.db'));
    expect(() => raw.exec("update audit set actor = 'nobody'")).toThrow('append-only');
    expect(() => raw.exec('delete from audit')).toThrow('append-only');
    raw.close();
    store = await open();
    expect(await store.audit.list(1)).toMatchObject([{ actor: 'me', facts: { password: '«redacted»' } }]);
  });
});

describe('what the bot remembers', () => {
  it('is the last thing it was told under a key, also after a restart', async () => {
    expect(await store.botMemory.find('commands')).toBeUndefined();
    await store.botMemory.remember('commands', 'one');
    await store.botMemory.remember('commands', 'two');
    await store.close();
    store = await open();
    expect(await store.botMemory.find('commands')).toBe('two');
    expect(await store.botMemory.find('others')).toBeUndefined();
  });
});

describe('opening', () => {
  it('refuses a second process on the same folder while readers may look', async () => {
    await expect(open()).rejects.toThrow(StoreLockedError);
    const reader = new Sqlite(join(folder, 'publisher.db'), { readonly: true });
    expect(reader.prepare('select count(*) from repositories').pluck().get()).toBe(2);
    reader.close();
  });

  it('refuses a damaged file and says how to go on', async () => {
    await store.close();
    await writeFile(join(folder, 'publisher.db'), 'this is not a database, it only looks like a file');
    const opened = open();
    await expect(opened).rejects.toThrow(StoreDamagedError);
    await expect(opened).rejects.toThrow(/npm run restore -- --from/);
    await rm(join(folder, 'publisher.db'));
    store = await open();
  });
});
