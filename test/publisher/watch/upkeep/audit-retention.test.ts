import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ArchiveDisk, localDisk } from '../../../../src/adapters/system/audit-archive.ts';
import { blankResult } from '../../../../src/domain/job/package-result.ts';
import type { Slug } from '../../../../src/domain/repository/repository.ts';
import { ArchiveDamagedError } from '../../../../src/ports/audit.ts';
import { claimJob, dispatchOf } from '../../../store/queued-job.ts';
import {
  addAuditRows,
  cutoff,
  dayMs,
  listAuditTimes,
  now,
  readArchives,
  retainIn,
  retentionDays,
} from './aged-store.ts';
import { folder, store, useRetainedStore } from './retained-store.ts';

useRetainedStore();

describe('audit rows past their time', () => {
  it('move into a file, exactly these, in the form that the audit command writes', async () => {
    addAuditRows(folder, [cutoff - 2 * dayMs, cutoff - 1, cutoff, now]);
    expect(await retainIn(folder, store.auditRetention)).toMatchObject({ archived: 2, deleted: 2 });
    expect(listAuditTimes(folder)).toEqual([cutoff, now]);
    expect(await readdir(join(folder, 'audit'))).toEqual([
      '20270301T010000000Z_20270303T010000000Z.jsonl.gz',
    ]);
    expect(await readArchives(folder)).toMatchObject([
      { id: 1, time: '2027-03-01T01:00:00.000Z', action: 'test', actor: 'me', facts: { index: 0 } },
      { id: 2, time: '2027-03-03T00:59:59.999Z' },
    ]);
  });

  it('leave nothing behind to do, and no empty file', async () => {
    addAuditRows(folder, [cutoff - 1, now]);
    await retainIn(folder, store.auditRetention);
    expect(await retainIn(folder, store.auditRetention)).toEqual({ archived: 0, deleted: 0, trimmed: 0 });
    expect(await readdir(join(folder, 'audit'))).toHaveLength(1);
  });

  it('are archived in batches and day by day, in separate files', async () => {
    const old = Array.from({ length: 2_500 }, (_, index) => cutoff - 5_000 + index);
    addAuditRows(folder, [...old, cutoff + 5, cutoff + dayMs + 5]);
    expect(await retainIn(folder, store.auditRetention)).toMatchObject({ archived: 2_500, deleted: 2_500 });
    expect(await retainIn(folder, store.auditRetention, { laterMs: dayMs })).toMatchObject({ archived: 1 });
    const ids = (await readArchives(folder)).map(({ id }) => id);
    expect(ids).toEqual(Array.from({ length: 2_501 }, (_, index) => index + 1));
    expect(listAuditTimes(folder)).toEqual([cutoff + dayMs + 5]);
  });

  it('that a clock set back writes after an archive was made are not deleted with it', async () => {
    addAuditRows(folder, [cutoff - 10]);
    await retainIn(folder, store.auditRetention);
    addAuditRows(folder, [cutoff - 5]);
    expect(await retainIn(folder, store.auditRetention)).toMatchObject({ archived: 0, deleted: 0 });
    expect(await retainIn(folder, store.auditRetention, { laterMs: 1 })).toMatchObject({
      archived: 1,
      deleted: 1,
    });
    expect((await readArchives(folder)).map(({ id }) => id)).toEqual([1, 2]);
  });

  it('come of age again after a clock that was years ahead is right, in their own file', async () => {
    addAuditRows(folder, [cutoff - 10]);
    await retainIn(folder, store.auditRetention, { laterMs: 3_650 * dayMs });
    addAuditRows(folder, [cutoff - 5]);
    expect(await retainIn(folder, store.auditRetention)).toMatchObject({ archived: 1, deleted: 1 });
    expect((await readArchives(folder)).map(({ id }) => id)).toEqual([1, 2]);
  });

  it('stay when the file cannot be read back as it was written', async () => {
    addAuditRows(folder, [cutoff - 1, now]);
    const lying: ArchiveDisk = {
      ...localDisk,
      syncFolder: async (path) => {
        const [name = ''] = await readdir(path);
        await writeFile(join(path, name), 'not what was written');
      },
    };
    await expect(retainIn(folder, store.auditRetention, { disk: lying })).rejects.toThrow(
      ArchiveDamagedError,
    );
    expect(listAuditTimes(folder)).toEqual([cutoff - 1, now]);
    await retainIn(folder, store.auditRetention);
    expect((await readArchives(folder)).map(({ id }) => id)).toEqual([1]);
  });
});

describe('retention that is killed', () => {
  const times = [cutoff - 3, cutoff - 2, now - 5, cutoff - 1, now];

  it('in the middle of a write leaves no file with the archive’s name, and completes it the next time', async () => {
    addAuditRows(folder, times);
    const torn: ArchiveDisk = {
      ...localDisk,
      write: async (file) => {
        await writeFile(file, 'half');
        throw new Error('killed');
      },
    };
    await expect(retainIn(folder, store.auditRetention, { disk: torn })).rejects.toThrow('killed');
    expect(await readArchives(folder)).toEqual([]);
    await retainIn(folder, store.auditRetention, { laterMs: 1 });
    expect((await readArchives(folder)).map(({ id }) => id)).toEqual([1, 2, 4]);
  });
});

describe('working rows past their time', () => {
  it('are deleted with their job, but the job’s outcome stays', async () => {
    await store.repositories.addUnknown([{ slug: 'studio/one' as Slug, status: 'active' }]);
    for (const commit of ['a', 'b']) {
      await store.queue.accept(dispatchOf(1, commit.repeat(40)));
    }
    const job = await claimJob(store.queue);
    await store.jobLog.endStage(await store.jobLog.startStage(job, 'pack', undefined));
    const results = [blankResult('a', 'a', 'published'), blankResult('b', 'b', 'unchanged')];
    await store.jobLog.savePackages(job, results);
    const end = { failure: undefined, judgedBranch: undefined, announcement: undefined };
    await store.queue.finish(job, { status: 'published', ...end });
    const outage = { kind: 'outage', neighbour: 'registry', since: now, detail: 'down', waiting: 0 } as const;
    for (const key of ['outage-registry-1', 'other']) await store.outbox.add(outage, key);
    for (const { id } of await store.outbox.listDue(9)) await store.outbox.markSent(id);
    expect(await retainIn(folder, store.auditRetention)).toMatchObject({ trimmed: 0 });

    expect(
      await retainIn(folder, store.auditRetention, { laterMs: (retentionDays + 1) * dayMs }),
    ).toMatchObject({
      trimmed: 2,
    });
    const report = await store.jobLog.findReport(job.dispatchId);
    expect(report?.jobs[0]).toMatchObject({ status: 'published', stages: [], packages: [{ name: 'a' }] });
    expect(await store.outbox.findOpenOutage('registry')).toBeDefined();
    expect(await store.queue.claim([])).toMatchObject({ number: 2 });
  });
});
