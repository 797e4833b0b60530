import { announceJob } from '../../src/domain/announcement/announcement.ts';
import { failure } from '../../src/domain/failure/failure.ts';
import { blankResult, failed } from '../../src/domain/job/package-result.ts';
import type { Finding, Job, PackageResult } from '../../src/domain/job/report.ts';
import type { CommitSha, RepositoryId } from '../../src/domain/repository/repository.ts';
import type { Store } from '../../src/store/store.ts';
import { claimJob, dispatchOf } from './queued-job.ts';

export const commit = 'c'.repeat(40) as CommitSha;
export const one = 1 as RepositoryId;
export const now = 1_800_000_000_000;

export function blocked(name: string, ...findings: readonly Partial<Finding>[]): PackageResult {
  const whole = findings.map(
    (finding): Finding => ({ rule: 'meta.missing', severity: 'block', message: 'mend it', ...finding }),
  );
  const why = failure('preflight-rejected', { count: whole.length, first: 'mend it' });
  return { ...failed({ ...blankResult(name, name, 'failed'), version: '1.0.0' }, why), findings: whole };
}

/** Makes a job that ended with these packages, with its announcement; returns it. */
export async function fail(store: Store, ...results: readonly PackageResult[]): Promise<Job> {
  await store.queue.accept(dispatchOf(one, commit));
  const job = await claimJob(store.queue);
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
