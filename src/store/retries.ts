import type { Announcement, JobFinished } from '../domain/announcement.ts';
import type { JobStatus } from '../domain/report.ts';
import type { JobRetries, RetryResult } from '../ports/job-retries.ts';
import { insertAudit } from './audit-rows.ts';
import { type Db, fromJson, type StoreContext } from './context.ts';
import { insertAnnouncement, insertJob, type JobRow } from './job-rows.ts';
import { reportJob } from './report.ts';

const retryable: readonly string[] = ['failed', 'partially-failed', 'cancelled'];

export function buildRetries(context: StoreContext): JobRetries {
  const { db } = context;
  return {
    retry: async (job, by) => db.transaction().execute(async (trx) => retry(context, trx, job, by)),
    findJob: async (number) => {
      const row = await findRow(db, number);
      if (row === undefined) return undefined;
      const { slug, commit_sha: commit } = await db
        .selectFrom('dispatches')
        .innerJoin('repositories', 'repositories.id', 'dispatches.repository_id')
        .select(['slug', 'commit_sha'])
        .where('dispatches.id', '=', row.dispatch_id)
        .executeTakeFirstOrThrow();
      return { repository: slug, commit, requestedBy: row.requested_by, report: await reportJob(db, row) };
    },
  };
}

async function retry(context: StoreContext, db: Db, number: number, by: string): Promise<RetryResult> {
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
    const status = newest.status as JobStatus;
    return { kind: 'followed', job: newest.number, status, requestedBy: newest.requested_by };
  }
  if (!retryable.includes(job.status)) return { kind: 'not-failed', status: job.status as JobStatus };
  const repository = await db
    .selectFrom('repositories')
    .select(['slug', 'status'])
    .where('id', '=', job.repository_id)
    .executeTakeFirstOrThrow();
  if (repository.status !== 'active') return { kind: 'repository-disabled', repository: repository.slug };
  const next = await insertJob(context, db, {
    dispatchId: job.dispatch_id,
    repositoryId: job.repository_id,
    requestedBy: `discord:${by}`,
    allowLower: job.allow_lower === 1,
    everything: job.everything === 1,
  });
  await insertAudit(context, db, {
    action: 'job-retried',
    actor: `discord:${by}`,
    subject: `#${number}`,
    facts: { as: next },
  });
  await insertAudit(context, db, {
    action: 'job-queued',
    actor: `discord:${by}`,
    subject: `#${next}`,
    facts: { retryOf: number },
  });
  const ended = await findEnded(db, number);
  if (ended !== undefined) {
    const announcement: Announcement = { kind: 'job-retried', ended, by, as: next };
    await insertAnnouncement(context, db, announcement, `job-${number}-retried-${next}`);
  }
  return { kind: 'queued', job: next };
}

async function findRow(db: Db, number: number): Promise<JobRow | undefined> {
  return db.selectFrom('jobs').selectAll().where('number', '=', number).executeTakeFirst();
}

/** What was announced when the job ended. */
async function findEnded(db: Db, number: number): Promise<JobFinished | undefined> {
  const row = await db
    .selectFrom('outbox')
    .select('announcement')
    .where('key', '=', `job-${number}-finished`)
    .executeTakeFirst();
  const announcement = row === undefined ? undefined : fromJson<Announcement>(row.announcement);
  return announcement?.kind === 'job-finished' ? announcement : undefined;
}
