import type { Announcement, JobFinished } from '../../domain/announcement/announcement.ts';
import { jobFinishedKey, jobRetriedKey } from '../../domain/announcement/announcement-keys.ts';
import { announceRetry } from '../../domain/announcement/follow-ups.ts';
import type { Actor } from '../../domain/job/actor.ts';
import { isRetryable } from '../../domain/job/job-status.ts';
import type { JobStatus } from '../../domain/job/report.ts';
import type { AuditEntry } from '../../ports/audit.ts';
import type { JobRetries, RetryResult } from '../../ports/jobs.ts';
import { insertAnnouncement } from '../announcements/outbox-rows.ts';
import { insertAudit } from '../audit/audit-rows.ts';
import { type Db, fromJson, type StoreContext } from '../engine/context.ts';
import { listProposedFor } from '../preflight/fix-proposals.ts';
import { dismissFailure } from './dismiss-failure.ts';
import type { JobRow } from './job-rows.ts';
import { insertJob } from './new-job.ts';
import { reportJob } from './report.ts';

export function buildRetries(context: StoreContext): JobRetries {
  const { db } = context;
  return {
    retry: async (job, by) => db.transaction().execute(async (trx) => retryJob(context, trx, { job, by })),
    dismiss: async (job, by) =>
      db.transaction().execute(async (trx) => dismissFailure(context, trx, job, by)),
    findJob: async (number) => {
      const row = await findRow(db, number);
      if (row === undefined) return undefined;
      const { slug, commit_sha: commit } = await db
        .selectFrom('dispatches')
        .innerJoin('repositories', 'repositories.id', 'dispatches.repository_id')
        .select(['slug', 'commit_sha'])
        .where('dispatches.id', '=', row.dispatch_id)
        .executeTakeFirstOrThrow();
      const report = await reportJob(db, row);
      const history = await listHistory(db, number);
      return { repository: slug, commit, requestedBy: row.requested_by, report, history };
    },
  };
}

/** Rows of history that are shown; a job that waits through an outage of days collects very many. */
const historyMax = 200;

async function listHistory(db: Db, job: number): Promise<readonly AuditEntry[]> {
  const rows = await db
    .selectFrom('audit')
    .selectAll()
    .where('subject', '=', `#${job}`)
    .orderBy('id', 'desc')
    .limit(historyMax)
    .execute();
  return rows.toReversed().map((row) => ({ ...row, facts: fromJson(row.facts) }));
}

export interface RetryRequest {
  readonly job: number;
  readonly by: Actor;
  /** Why it is published in spite of the block; left out of a plain retry. */
  readonly reason?: string;
}

/**
 * Queues the job that follows a failed one, in the caller’s transaction, with its audit rows and the update of the
 * failed job’s message.
 */
export async function retryJob(
  context: StoreContext,
  db: Db,
  { job: number, by, reason }: RetryRequest,
): Promise<RetryResult> {
  const job = await findRow(db, number);
  if (job === undefined) return { kind: 'unknown' };
  const newest = await db
    .selectFrom('jobs')
    .select(['number', 'status', 'requested_by'])
    .where('dispatch_id', '=', job.dispatch_id)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  if (newest.number !== number) {
    const { number: followed, requested_by: requestedBy } = newest;
    return { kind: 'followed', job: followed, status: newest.status as JobStatus, requestedBy };
  }
  const status = job.status as JobStatus;
  if (!isRetryable(status) && !(await hasHeld(db, number))) return { kind: 'not-failed', status };
  const repository = await db
    .selectFrom('repositories')
    .select(['slug', 'status'])
    .where('id', '=', job.repository_id)
    .executeTakeFirstOrThrow();
  if (repository.status !== 'active') return { kind: 'repository-disabled', repository: repository.slug };
  const next = await insertJob(context, db, {
    dispatchId: job.dispatch_id,
    repositoryId: job.repository_id,
    requestedBy: by,
    allowLower: job.allow_lower === 1,
    everything: job.everything === 1,
    ...(job.only_paths === null ? {} : { onlyPaths: fromJson<readonly string[]>(job.only_paths) }),
  });
  await auditRetry(context, db, number, next, by);
  await sayRetried(context, db, { job: number, by, ...(reason === undefined ? {} : { reason }) }, next);
  return { kind: 'queued', job: next };
}

/** Returns whether a job held packages: somebody who retries such a job does not want to wait. */
async function hasHeld(db: Db, job: number): Promise<boolean> {
  const held = db.selectFrom('package_states').select('path').where('job', '=', job);
  return (await held.where('state', '=', 'held').executeTakeFirst()) !== undefined;
}

/** Updates the message of the failed job with the job that followed it. */
async function sayRetried(
  context: StoreContext,
  db: Db,
  { job: number, by, reason }: RetryRequest,
  next: number,
): Promise<void> {
  const ended = await findEnded(db, number);
  if (ended === undefined) return;
  const fixes = await listProposedFor(db, number);
  const announcement = announceRetry(ended, { by, as: next, reason, fixes });
  await insertAnnouncement(context, db, announcement, jobRetriedKey(number, next));
}

/** Recorded on both jobs, so that each history shows the other. */
async function auditRetry(
  context: StoreContext,
  db: Db,
  job: number,
  next: number,
  actor: Actor,
): Promise<void> {
  const retried = { action: 'job-retried', actor, subject: `#${job}`, facts: { as: next } };
  await insertAudit(context, db, retried);
  const queued = { action: 'job-queued', actor, subject: `#${next}`, facts: { retryOf: job } };
  await insertAudit(context, db, queued);
}

async function findRow(db: Db, number: number): Promise<JobRow | undefined> {
  return db.selectFrom('jobs').selectAll().where('number', '=', number).executeTakeFirst();
}

/** Returns what was announced when the job ended. */
async function findEnded(db: Db, number: number): Promise<JobFinished | undefined> {
  const row = await db
    .selectFrom('outbox')
    .select('announcement')
    .where('key', '=', jobFinishedKey(number))
    .executeTakeFirst();
  const announcement = row === undefined ? undefined : fromJson<Announcement>(row.announcement);
  return announcement?.kind === 'job-finished' ? announcement : undefined;
}
