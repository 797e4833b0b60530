import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../../../src/domain/failure/failure.ts';
import { blankResult, failed } from '../../../src/domain/job/package-result.ts';
import type { CommitSha, Slug } from '../../../src/domain/repository/repository.ts';
import { buildRedactor } from '../../../src/domain/text/redact.ts';
import { openStore, type Store } from '../../../src/store/store.ts';
import { blocked, commit, fail, now, one } from '../failed-job.ts';

const secret = 'planted-secret-value';
const by = 'discord:123456789012345678';
let folder: string;
let store: Store;

async function open(registry = 'https://npm.studio.test/'): Promise<Store> {
  const clock = { now: () => now, monotonic: () => now, sleep: async () => undefined };
  return openStore({ folder, registry, clock, redact: buildRedactor(() => [secret]) });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'exceptions-'));
  store = await open();
  await store.repositories.addUnknown([{ slug: 'studio/one' as Slug, status: 'active' }]);
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

describe('publishing a version anyway', () => {
  it('holds for exactly the named versions and the commit, and queues the job again', async () => {
    const job = await fail(store, blocked('com.studio.a', {}, { file: 'B.cs' }), blocked('com.studio.b', {}));
    const request = { job: job.number, by, reason: `because ${secret}`, names: ['com.studio.a'] };
    expect(await store.exceptions.publishAnyway(request)).toEqual({ kind: 'queued', job: job.number + 1 });
    const { exceptions } = store;
    expect(await exceptions.findOverride('com.studio.a', '1.0.0', commit)).toEqual({
      by,
      reason: expect.stringMatching(/^because (?!planted)/),
      count: 2,
    });
    expect(await exceptions.findOverride('com.studio.b', '1.0.0', commit)).toBeUndefined();
    expect(await exceptions.findOverride('com.studio.a', '1.0.1', commit)).toBeUndefined();
    expect(
      await exceptions.findOverride('com.studio.a', '1.0.0', 'd'.repeat(40) as CommitSha),
    ).toBeUndefined();
    const [entry] = await store.audit.list(1);
    expect(entry).toMatchObject({ action: 'publish-anyway', actor: by, subject: 'com.studio.a@1.0.0' });
    expect(entry?.facts).toMatchObject({ findings: 2, commit, job: job.number + 1 });
    expect(await store.queue.claim([])).toMatchObject({ number: job.number + 1, commit });
  });

  it('is shown on the message of the failed job, with the reason', async () => {
    const job = await fail(store, blocked('com.studio.a', {}));
    await store.exceptions.publishAnyway({
      job: job.number,
      by,
      reason: 'a demo is due',
      names: ['com.studio.a'],
    });
    const due = await store.outbox.listDue(10);
    expect(due.at(-1)?.announcement).toMatchObject({
      kind: 'job-retried',
      by: '123456789012345678',
      as: job.number + 1,
      anyway: 'a demo is due',
    });
  });

  it('is refused for a gate, another reason or another name', async () => {
    const withdrawn = failed(blankResult('com.studio.c', 'c', 'failed'), failure('disk-full', {}));
    const job = await fail(
      store,
      blocked('com.studio.a', {}, { rule: 'pack.secret', fingerprint: 'one' }),
      blocked('com.studio.b', { rule: 'lfs.pointer' }),
      withdrawn,
    );
    const names = ['com.studio.a', 'com.studio.b', 'com.studio.c', 'com.studio.d'];
    const request = { job: job.number, by, reason: 'please', names };
    expect(await store.exceptions.publishAnyway(request)).toEqual({ kind: 'nothing-to-allow' });
    expect(await store.queue.claim([])).toBeUndefined();
  });

  it('leaves nothing behind for a job that another one followed', async () => {
    const job = await fail(store, blocked('com.studio.a', {}));
    await store.retries.retry(job.number, 'discord:9');
    const request = { job: job.number, by, reason: 'late', names: ['com.studio.a'] };
    expect(await store.exceptions.publishAnyway(request)).toMatchObject({
      kind: 'followed',
      job: job.number + 1,
    });
    expect(await store.exceptions.findOverride('com.studio.a', '1.0.0', commit)).toBeUndefined();
    expect(await store.exceptions.publishAnyway({ ...request, job: 99 })).toEqual({ kind: 'unknown' });
  });

  it('does not hold for another registry', async () => {
    const job = await fail(store, blocked('com.studio.a', {}));
    await store.exceptions.publishAnyway({ job: job.number, by, reason: 'here', names: ['com.studio.a'] });
    await store.close();
    store = await open('https://other.studio.test/');
    expect(await store.exceptions.findOverride('com.studio.a', '1.0.0', commit)).toBeUndefined();
  });
});

describe('allowing a secret', () => {
  it('is done by its fingerprint, for the package that contains it, and says in which file it was', async () => {
    const job = await fail(
      store,
      blocked(
        'com.studio.a',
        { rule: 'pack.secret', file: 'a.txt', fingerprint: 'one' },
        { rule: 'pack.secret', file: 'b.txt', fingerprint: 'two' },
      ),
    );
    const request = { job: job.number, by, reason: 'a sample key', fingerprints: ['one', 'three'] };
    expect(await store.exceptions.allowSecrets(request)).toMatchObject({ kind: 'queued' });
    expect([...(await store.exceptions.listAllowedSecrets(one, 'com.studio.a'))]).toEqual(['one']);
    expect([...(await store.exceptions.listAllowedSecrets(one, 'com.studio.b'))]).toEqual([]);
    const [entry] = await store.audit.list(1);
    expect(entry).toMatchObject({ action: 'secret-allowed', actor: by, subject: 'com.studio.a' });
    expect(entry?.facts).toMatchObject({ file: 'a.txt', fingerprint: 'one', reason: 'a sample key' });
  });

  it('is refused for a fingerprint that the job did not report', async () => {
    const job = await fail(store, blocked('com.studio.a', { rule: 'pack.secret' }, { fingerprint: 'one' }));
    const request = { job: job.number, by, reason: 'please', fingerprints: ['one', ''] };
    expect(await store.exceptions.allowSecrets(request)).toEqual({ kind: 'nothing-to-allow' });
  });
});

describe('the stored rules of a repository', () => {
  it('stay with it, and are gone when it is removed and added again', async () => {
    const rules = { 'meta.missing': 'warn' } as const;
    const changes = ['rule meta.missing: default → warn'];
    expect(await store.register.change(one, { rules }, changes, by)).toMatchObject({ rules });
    expect(await store.repositories.find(one)).toMatchObject({ rules });
    expect((await store.audit.list(1))[0]).toMatchObject({
      action: 'repository-changed',
      facts: { changes },
    });
    await store.register.remove(one, by);
    expect(await store.register.add('studio/one' as Slug, by)).toMatchObject({ rules: {} });
  });
});
