import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { announceJob } from '../../src/domain/announcement.ts';
import { failure } from '../../src/domain/failure.ts';
import { blankResult, failed } from '../../src/domain/package-result.ts';
import type { Finding, Job, PackageResult } from '../../src/domain/report.ts';
import type { CommitSha, RepositoryId, Slug } from '../../src/domain/repository.ts';
import { openStore, type Store } from '../../src/store/store.ts';

const commit = 'c'.repeat(40) as CommitSha;
const requestedBy = 'discord:123456789012345678';
const one = 1 as RepositoryId;
const now = 1_800_000_000_000;
let folder: string;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fixes-'));
  const clock = { now: () => now, sleep: async () => undefined };
  store = await openStore({ folder, registry: 'https://npm.studio.test/', clock, redact: String });
  await store.repositories.addUnknown([{ slug: 'studio/one' as Slug, status: 'active' }]);
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

function blocked(name: string, ...findings: readonly Partial<Finding>[]): PackageResult {
  const whole = findings.map(
    (finding): Finding => ({ rule: 'meta.missing', severity: 'block', message: 'mend it', ...finding }),
  );
  const why = failure('preflight-rejected', { count: whole.length, first: 'mend it' });
  return { ...failed({ ...blankResult(name, name, 'failed'), version: '1.0.0' }, why), findings: whole };
}

/** A job that ended with these packages, as it is announced. */
async function fail(...results: readonly PackageResult[]): Promise<Job> {
  await store.queue.accept({
    repositoryId: one,
    commit,
    packagePath: '',
    branch: undefined,
    commitMessage: undefined,
    commitAuthor: undefined,
    requestedBy: 'event',
    allowLower: false,
  });
  const job = await store.queue.claim([]);
  if (job === undefined) throw new Error('nothing to claim');
  await store.jobLog.savePackages(job, results);
  const announcement = announceJob({
    job: job.number,
    dispatchId: job.dispatchId,
    repository: job.slug,
    commit,
    about: null,
    requestedBy: 'event',
    commitAuthor: undefined,
    status: 'failed',
    failure: undefined,
    results,
    earlier: new Map(),
    durationMs: 1,
    finishedAt: now,
  });
  await store.queue.finish(job, {
    status: 'failed',
    failure: undefined,
    judgedBranch: undefined,
    announcement,
  });
  return job;
}

const proposal = {
  repositoryId: one,
  name: 'com.studio.a',
  commit,
  pullRequest: 7,
  url: 'https://git.test/pull/7',
  requestedBy,
};
const shown = [{ name: 'com.studio.a', pullRequest: 7, url: 'https://git.test/pull/7' }];
const lastSaid = async () => (await store.outbox.listDue(10)).at(-1)?.announcement;

describe('a proposed fix', () => {
  it('is kept once for a package and commit, audited, and shown on the message of the failed job', async () => {
    const job = await fail(blocked('com.studio.a', {}));
    await store.fixProposals.save(proposal, job.number);
    await store.fixProposals.save({ ...proposal, pullRequest: 8 }, job.number);
    expect(await store.fixProposals.find(one, 'com.studio.a', commit)).toEqual(proposal);
    expect(await store.fixProposals.find(one, 'com.studio.b', commit)).toBeUndefined();
    expect(await lastSaid()).toMatchObject({
      kind: 'fix-proposed',
      ended: { job: job.number },
      fixes: shown,
    });
    const proposed = (await store.audit.list(10)).filter(({ action }) => action === 'fix-proposed');
    expect(proposed).toMatchObject([
      { actor: requestedBy, subject: 'com.studio.a', facts: { pullRequest: 7 } },
    ]);
  });

  it('stays on the message when the job is retried, before it or after', async () => {
    const job = await fail(blocked('com.studio.a', {}));
    await store.fixProposals.save(proposal, job.number);
    await store.retries.retry(job.number, '123456789012345678');
    const retried = { kind: 'job-retried', as: job.number + 1 };
    expect(await lastSaid()).toMatchObject({ ...retried, fixes: shown });
    await store.fixProposals.save({ ...proposal, name: 'com.studio.b', pullRequest: 9 }, job.number);
    expect(await lastSaid()).toMatchObject({ ...retried, fixes: [...shown, { pullRequest: 9 }] });
  });
});
