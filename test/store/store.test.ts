import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { failure } from '../../src/domain/failure/failure.ts';
import { blankResult, failed } from '../../src/domain/job/package-result.ts';
import type { DispatchRequest } from '../../src/domain/job/report.ts';
import type { Integrity } from '../../src/domain/package/packument.ts';
import type { RepositoryId } from '../../src/domain/repository/repository.ts';
import { StoreDamagedError, StoreLockedError } from '../../src/store/store.ts';
import { claimJob, commitOf, dispatchOf, endedAs } from './queued-job.ts';
import { folder, now, open, pass, reopen, secret, store, useStillStore } from './still-store.ts';

useStillStore({ 'studio/one': 'active', 'studio/two': 'active' });

const request = (repository: number, commit: number, extra: Partial<DispatchRequest> = {}) =>
  dispatchOf(repository, commitOf(commit), extra);
const claim = async () => claimJob(store.queue);

describe('the traces of a job', () => {
  it('are its packages and stages for the report, and open packages until they are settled', async () => {
    const { id } = await store.queue.accept(request(1, 1));
    const job = await claim();
    const stage = await store.jobLog.startStage(job, 'pack', 'com.studio.a');
    pass(40);
    await store.jobLog.endStage(stage);
    const bad = failed(
      blankResult('com.studio.a', 'a', 'failed'),
      failure('pack-failed', { problem: secret }),
    );
    await store.jobLog.savePackages(job, [bad, blankResult('com.studio.b', 'b', 'unchanged')]);
    await store.queue.finish(job, endedAs('failed', { judgedBranch: 'main' }));
    const report = await store.jobLog.findReport(id);
    expect(report?.jobs[0]?.packages[0]).toMatchObject({ outcome: 'failed', reason: 'pack-failed' });
    expect(JSON.stringify(report)).not.toContain(secret);
    expect(report?.jobs[0]?.stages).toEqual([
      { stage: 'pack', package: 'com.studio.a', attempt: 1, startedAt: now - 40, durationMs: 40 },
    ]);
    expect(await store.judged.listJudged(job.repositoryId, 'main', 9)).toEqual([commitOf(1)]);
    await store.queue.accept(request(1, 2));
    const next = await claim();
    expect(await store.jobLog.listOpenPackages(next, 'main')).toEqual([
      { path: 'a', name: 'com.studio.a', state: 'failed', commit: commitOf(1), reason: 'pack-failed' },
    ]);
    await store.jobLog.savePackages(next, [blankResult('com.studio.a', 'a', 'published')]);
    await store.queue.finish(next, endedAs('published', { judgedBranch: 'main' }));
    expect(await store.jobLog.listOpenPackages(next, 'main')).toEqual([]);
  });

  it('include the newest earlier result of each folder in the repository, except “unchanged”', async () => {
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
      await store.queue.finish(job, endedAs('published'));
    }
    await store.queue.accept(request(1, 9));
    const now = await claim();
    await store.jobLog.savePackages(now, [blankResult('com.studio.a', 'a', 'published')]);
    const earlier = await store.jobLog.listEarlier(now, ['a', 'b']);
    expect([...earlier].map(([path, { warnings }]) => [path, warnings])).toEqual([['a', ['second']]]);
    expect(await store.jobLog.listEarlier(now, [])).toEqual(new Map());
  });

  it('include owners and intents; the first claim of a name wins', async () => {
    await store.queue.accept(request(1, 1));
    const first = await store.ledger.claimName('com.studio.a', 1 as RepositoryId, 'first-publish');
    const second = await store.ledger.claimName('com.studio.a', 2 as RepositoryId, 'packument');
    expect([first.slug, second.slug]).toEqual(['studio/one', 'studio/one']);
    const tarball = { file: '/t.tgz', bytes: 3, integrity: 'sha512-x' as Integrity, shasum: 'aa' };
    const draft = {
      name: 'com.studio.a',
      version: '1.0.0',
      job: 1,
      commit: commitOf(1),
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

  it('include announcements once per key and in order', async () => {
    const outage = { kind: 'outage', neighbour: 'registry', since: now, detail: 'down', waiting: 1 } as const;
    await store.outbox.add(outage, 'a');
    await store.outbox.add(outage, 'a');
    await store.outbox.add(outage, 'b');
    const [first] = await store.outbox.listDue(9);
    await store.outbox.postpone(first?.id ?? 0, now + 10, 'unreachable');
    expect(await store.outbox.listDue(9)).toEqual([]);
    pass(10);
    expect(await store.outbox.listDue(9)).toHaveLength(2);
  });

  it('include an audit trail that cannot be rewritten or emptied', async () => {
    await store.audit.append({ action: 'test', actor: 'me', subject: 'it', facts: { password: secret } });
    await store.close();
    const raw = new Sqlite(join(folder, 'publisher.db'));
    expect(() => raw.exec("update audit set actor = 'nobody'")).toThrow('append-only');
    expect(() => raw.exec('delete from audit')).toThrow('append-only');
    raw.close();
    await reopen();
    expect(await store.audit.list(1)).toMatchObject([{ actor: 'me', facts: { password: '«redacted»' } }]);
  });
});

describe('the bot’s memory', () => {
  it('returns the last value of a key, also after a restart', async () => {
    expect(await store.botMemory.find('commands')).toBeUndefined();
    await store.botMemory.remember('commands', 'one');
    await store.botMemory.remember('commands', 'two');
    await store.close();
    await reopen();
    expect(await store.botMemory.find('commands')).toBe('two');
    expect(await store.botMemory.find('others')).toBeUndefined();
  });
});

describe('opening the store', () => {
  it('refuses a second process on the same folder, while readers may look', async () => {
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
    await reopen();
  });
});
