import { type Failure, renderFailure } from '../../domain/failure/failure.ts';
import { renderPackage, warnOfPendingChangelog } from '../../domain/job/package-report.ts';
import type { DispatchReport, JobReport, JobStatus, StageTime } from '../../domain/job/report.ts';
import { findPendingDetails } from '../changelogs/write-backs.ts';
import { type Db, fromJson } from '../engine/context.ts';
import { type JobRow, listPackageResults } from './job-rows.ts';

export async function findReport(db: Db, dispatchId: string): Promise<DispatchReport | undefined> {
  const dispatch = await db
    .selectFrom('dispatches')
    .innerJoin('repositories', 'repositories.id', 'dispatches.repository_id')
    .select(['dispatches.id', 'slug', 'commit_sha', 'package_path'])
    .where('dispatches.id', '=', dispatchId)
    .executeTakeFirst();
  if (dispatch === undefined) return undefined;
  const rows = await db
    .selectFrom('jobs')
    .selectAll()
    .where('dispatch_id', '=', dispatchId)
    .orderBy('number')
    .execute();
  const jobs: JobReport[] = [];
  for (const row of rows) jobs.push(await reportJob(db, row));
  return {
    id: dispatch.id,
    repository: dispatch.slug,
    commit: dispatch.commit_sha,
    packagePath: dispatch.package_path,
    jobs,
  };
}

export async function reportJob(db: Db, row: JobRow): Promise<JobReport> {
  const owed = await findPendingDetails(db, row.number);
  const results = await listPackageResults(db, row.number);
  const packages = results.map((result) => warnOfPendingChangelog(result, owed.get(result.path)));
  return {
    job: row.number,
    status: row.status as JobStatus,
    waitingFor: row.status === 'queued' ? row.waiting_for : null,
    attempts: row.attempts,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
    failure: row.failure === null ? null : renderFailure(fromJson<Failure>(row.failure)),
    stages: await listStages(db, row.number),
    packages: packages.map(renderPackage),
  };
}

async function listStages(db: Db, job: number): Promise<readonly StageTime[]> {
  const rows = await db.selectFrom('stage_log').selectAll().where('job', '=', job).orderBy('id').execute();
  return rows.map((row) => ({
    stage: row.stage,
    package: row.package ?? undefined,
    attempt: row.attempt,
    startedAt: row.started_at,
    durationMs: row.ended_at === null ? undefined : row.ended_at - row.started_at,
  }));
}
