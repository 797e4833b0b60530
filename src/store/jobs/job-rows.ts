import type { Selectable } from 'kysely';
import type { Announcement } from '../../domain/announcement/announcement.ts';
import { jobFinishedKey } from '../../domain/announcement/announcement-keys.ts';
import { branchOf } from '../../domain/announcement/follow-ups.ts';
import type { Failure } from '../../domain/failure/failure.ts';
import { byPublisher } from '../../domain/job/actor.ts';
import { auditResults } from '../../domain/job/audited-results.ts';
import { endWithoutRun } from '../../domain/job/end-without-run.ts';
import { restoreResult } from '../../domain/job/package-result.ts';
import type { JobStatus, PackageResult } from '../../domain/job/report.ts';
import { insertAnnouncement } from '../announcements/outbox-rows.ts';
import { insertAudit } from '../audit/audit-rows.ts';
import { oweWriteBacks } from '../changelogs/write-backs.ts';
import { type Db, fromJson, type StoreContext, toJson } from '../engine/context.ts';
import { type EndedJob, followJob } from '../judgements/holds/follow-job.ts';
import type { JobTable } from './job-tables.ts';
import { notWaiting } from './new-job.ts';
import { countEnd } from './statistics.ts';

export type JobRow = Selectable<JobTable>;

export async function listPackageResults(db: Db, job: number): Promise<readonly PackageResult[]> {
  const rows = await db
    .selectFrom('package_states')
    .select('result')
    .where('job', '=', job)
    .orderBy('path')
    .execute();
  return rows.map((row) => restoreResult(fromJson(row.result)));
}

export interface Ending {
  readonly status: JobStatus;
  readonly failure: Failure | undefined;
  readonly branch: string | undefined;
  readonly announcement: Announcement | undefined;
}

/** Ends a job inside the caller’s transaction: status, audit and announcement together. */
export async function endJob(context: StoreContext, db: Db, job: number, ending: Ending): Promise<void> {
  const at = context.clock.now();
  await db
    .updateTable('jobs')
    .set({
      status: ending.status,
      failure: ending.failure === undefined ? null : toJson(context, ending.failure),
      branch: ending.branch ?? null,
      finished_at: at,
      parked_since: null,
      ...notWaiting,
    })
    .where('number', '=', job)
    .execute();
  await oweWriteBacks(context, db, job);
  await countEnd(db, job, at);
  const results = await listPackageResults(db, job);
  const origin = await auditPackages(context, db, job, results);
  const facts = { status: ending.status, reason: ending.failure?.reason ?? null };
  await insertAudit(context, db, { action: 'job-finished', actor: byPublisher, subject: `#${job}`, facts });
  if (ending.announcement !== undefined) {
    await insertAnnouncement(context, db, ending.announcement, jobFinishedKey(job));
  }
  const isCancelled = ending.status === 'cancelled';
  const branch = branchOf(ending.announcement);
  await followJob(context, db, { number: job, ...origin, isCancelled, results, branch });
}

/**
 * Writes the audit rows of a job’s packages once, when its outcome is final; a run that is killed earlier writes none.
 */
async function auditPackages(
  context: StoreContext,
  db: Db,
  job: number,
  results: readonly PackageResult[],
): Promise<Pick<EndedJob, 'repositoryId' | 'dispatchId'>> {
  const origin = await db
    .selectFrom('jobs')
    .innerJoin('repositories', 'repositories.id', 'jobs.repository_id')
    .select(['slug', 'requested_by', 'repository_id', 'dispatch_id'])
    .where('number', '=', job)
    .executeTakeFirstOrThrow();
  const { requested_by: actor, slug } = origin;
  for (const entry of auditResults(job, slug, results)) await insertAudit(context, db, { ...entry, actor });
  return { repositoryId: origin.repository_id, dispatchId: origin.dispatch_id };
}

/** Ends a job that no run will end any more (crashed, given up, cancelled), with its announcement. */
export async function endUnrun(context: StoreContext, db: Db, job: JobRow, failure: Failure): Promise<void> {
  const subject = await db
    .selectFrom('dispatches')
    .innerJoin('repositories', 'repositories.id', 'dispatches.repository_id')
    .select(['repositories.slug', 'dispatches.commit_sha', 'dispatches.commit_author'])
    .where('dispatches.id', '=', job.dispatch_id)
    .executeTakeFirstOrThrow();
  const abandoned = {
    job: job.number,
    dispatchId: job.dispatch_id,
    repository: subject.slug,
    commit: subject.commit_sha,
    commitAuthor: subject.commit_author ?? undefined,
    requestedBy: job.requested_by,
    beganAt: job.started_at ?? job.created_at,
    endedAt: context.clock.now(),
  };
  const end = endWithoutRun(abandoned, failure, await listPackageResults(db, job.number));
  await endJob(context, db, job.number, { ...end, failure, branch: undefined });
}
