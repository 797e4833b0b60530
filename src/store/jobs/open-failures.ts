import { type Failure, renderFailure } from '../../domain/failure/failure.ts';
import { failedStatuses } from '../../domain/job/job-status.ts';
import {
  canBeRetried,
  isLeftUnpublished,
  mends,
  type OpenFailure,
  type OpenPackageFailure,
  titleOf,
} from '../../domain/job/open-failure.ts';
import { restoreResult } from '../../domain/job/package-result.ts';
import type { PackageResult } from '../../domain/job/report.ts';
import type { RepositoryId } from '../../domain/repository/repository.ts';
import { type Db, fromJson } from '../engine/context.ts';
import { listPackageResults } from './job-rows.ts';
import { isNotFollowed } from './not-followed.ts';

/**
 * Lists failed jobs of active repositories that have no newer job of the same dispatch, with the packages that they
 * left unpublished.
 */
export async function listOpenFailures(db: Db, since: number): Promise<readonly OpenFailure[]> {
  const rows = await selectFailed(db, since).execute();
  const failures: OpenFailure[] = [];
  for (const row of rows) {
    const failure = row.failure === null ? undefined : fromJson<Failure>(row.failure);
    const left = (await listPackageResults(db, row.number)).filter(isLeftUnpublished);
    const packages: OpenPackageFailure[] = [];
    for (const result of left) {
      if (await wasPublishedLater(db, row.number, result)) continue;
      packages.push({ name: result.name, version: result.version, title: titleOf(result) });
    }
    // Everything that this job could not publish was published later.
    if (left.length > 0 && packages.length === 0) continue;
    failures.push({
      job: row.number,
      dispatchId: row.dispatch_id,
      repositoryId: row.repository_id as RepositoryId,
      repository: row.slug,
      commit: row.commit_sha,
      pusher: row.commit_author,
      finishedAt: row.finished_at ?? 0,
      title: failure === undefined ? undefined : renderFailure(failure).title,
      packages,
      isRetryable: canBeRetried([failure, ...left.map((result) => result.failure)]),
      isDismissed: row.dismissed_by !== null,
    });
  }
  return failures;
}

function selectFailed(db: Db, since: number) {
  return db
    .selectFrom('jobs')
    .innerJoin('dispatches', 'dispatches.id', 'jobs.dispatch_id')
    .innerJoin('repositories', 'repositories.id', 'jobs.repository_id')
    .leftJoin('dismissed_failures', 'dismissed_failures.job', 'jobs.number')
    .select([
      'jobs.number',
      'jobs.dispatch_id',
      'jobs.repository_id',
      'slug',
      'commit_sha',
      'commit_author',
      'finished_at',
      'jobs.failure',
      'dismissed_by',
    ])
    .where('jobs.status', 'in', failedStatuses)
    .where('repositories.status', '=', 'active')
    .where('finished_at', '>=', since)
    .where(isNotFollowed)
    .orderBy('jobs.number');
}

/** Returns whether a newer job published a version of the package that resolves what this job left. */
async function wasPublishedLater(db: Db, job: number, { name, version }: PackageResult): Promise<boolean> {
  const rows = await db
    .selectFrom('package_states')
    .select('result')
    .where('name', '=', name)
    .where('state', '=', 'published')
    .where('job', '>', job)
    .execute();
  return rows.some((row) => mends(restoreResult(fromJson(row.result)).version, version));
}
