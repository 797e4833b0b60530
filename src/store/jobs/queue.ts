import { randomBytes } from 'node:crypto';
import { type Expression, type SqlBool, sql } from 'kysely';
import { byPublisher } from '../../domain/job/actor.ts';
import { coversRequest } from '../../domain/job/queue-rules.ts';
import type { Job, JobStatus } from '../../domain/job/report.ts';
import type { CommitSha, PublishMode, RepositoryId, Slug } from '../../domain/repository/repository.ts';
import type { Acceptance, JobEnd, JobQueue } from '../../ports/jobs.ts';
import { insertAudit } from '../audit/audit-rows.ts';
import { type Db, fromJson, type StoreContext } from '../engine/context.ts';
import { closeAttempt, giveBack } from './give-back.ts';
import { endJob } from './job-rows.ts';
import { insertJob, notWaiting } from './new-job.ts';
import { replaceOpenPackages } from './open-packages.ts';
import { listWaiting, selectHeads, turnOf } from './turns.ts';

type Request = Parameters<JobQueue['accept']>[0];

/** 128 random bits: whoever knows a dispatch’s id may read its report. */
const newDispatchId = (): string => randomBytes(16).toString('base64url');

export function buildQueue(context: StoreContext): JobQueue {
  const { db, relaxed } = context;
  const inTransaction = async <T>(work: (trx: Db) => Promise<T>): Promise<T> =>
    db.transaction().execute(work);
  return {
    accept: async (request) => inTransaction(async (trx) => accept(context, trx, request)),
    claim: async (down) => relaxed.transaction().execute(async (trx) => claim(context, trx, down)),
    findNextDueAt: async () => {
      const row = await selectHeads(db)
        .where('jobs.waiting_for', 'is', null)
        .select((eb) => eb.fn.min('jobs.not_before').as('at'))
        .executeTakeFirst();
      return row?.at ?? undefined;
    },
    finish: async (job, end) => inTransaction(async (trx) => finish(context, trx, job, end)),
    giveBack: async (job, how) => inTransaction(async (trx) => giveBack(context, trx, job, how)),
    fixBase: async (job, base) => {
      await relaxed
        .updateTable('dispatches')
        .set({ base, base_fixed: 1 })
        .where('id', '=', job.dispatchId)
        .where('base_fixed', '=', 0)
        .execute();
    },
    listWaiting: async (job) => listWaiting(db, job),
  };
}

async function accept(context: StoreContext, db: Db, request: Request): Promise<Acceptance> {
  const id = await keepDispatch(context, db, request);
  const newest = await db
    .selectFrom('jobs')
    .select(['number', 'status', 'everything'])
    .where('dispatch_id', '=', id)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  const actor = request.requestedBy;
  const facts = auditedFacts(id, request);
  if (newest !== undefined) {
    const status = newest.status as JobStatus;
    if (coversRequest({ status, everything: newest.everything === 1 }, request)) {
      const subject = `#${newest.number}`;
      await insertAudit(context, db, { action: 'dispatch-duplicate', actor, subject, facts });
      return { id, job: newest.number, status, duplicate: true };
    }
  }
  const number = await insertJob(context, db, {
    dispatchId: id,
    repositoryId: request.repositoryId,
    requestedBy: request.requestedBy,
    allowLower: request.allowLower,
    everything: request.everything ?? false,
  });
  await insertAudit(context, db, { action: 'dispatch-accepted', actor, subject: `#${number}`, facts });
  return { id, job: number, status: 'queued', duplicate: false };
}

/** Facts for the audit row. Flags appear only when they are set, so that an override stands out. */
function auditedFacts(dispatch: string, request: Request): object {
  const { commit, packagePath, branch, allowLower, everything } = request;
  const flags = { ...(allowLower && { allowLower }), ...(everything === true && { everything }) };
  return { dispatch, commit, packagePath, branch, ...flags };
}

async function keepDispatch(context: StoreContext, db: Db, request: Request): Promise<string> {
  const known = await db
    .selectFrom('dispatches')
    .select('id')
    .where('repository_id', '=', request.repositoryId)
    .where('commit_sha', '=', request.commit)
    .where('package_path', '=', request.packagePath)
    .executeTakeFirst();
  if (known !== undefined) return known.id;
  const id = newDispatchId();
  const clean = (text: string | undefined): string | null =>
    text === undefined ? null : context.redact(text);
  await db
    .insertInto('dispatches')
    .values({
      id,
      repository_id: request.repositoryId,
      commit_sha: request.commit,
      package_path: request.packagePath,
      branch: clean(request.branch),
      commit_message: clean(request.commitMessage),
      commit_author: clean(request.commitAuthor),
      base: null,
      created_at: context.clock.now(),
    })
    .execute();
  return id;
}

async function claim(context: StoreContext, db: Db, down: readonly string[]): Promise<Job | undefined> {
  const now = context.clock.now();
  const head = await selectHeads(db)
    .select('jobs.number')
    .where('jobs.not_before', '<=', now)
    .where((eb): Expression<SqlBool> => {
      const free = eb('jobs.waiting_for', 'is', null);
      return down.length === 0 ? sql<SqlBool>`true` : eb.or([free, eb('jobs.waiting_for', 'not in', down)]);
    })
    .orderBy(turnOf('jobs'))
    .limit(1)
    .executeTakeFirst();
  if (head === undefined) return undefined;
  await db
    .updateTable('jobs')
    .set((eb) => ({
      status: 'running',
      attempts: eb('attempts', '+', 1),
      started_at: eb.fn.coalesce('started_at', eb.val(now)),
      ...notWaiting,
    }))
    .where('number', '=', head.number)
    .execute();
  const job = await readJob(db, head.number);
  await db
    .insertInto('attempts')
    .values({ job: job.number, number: job.attempt, started_at: now, ended_at: null, ended_as: null })
    .execute();
  const facts = { attempt: job.attempt };
  const subject = `#${job.number}`;
  await insertAudit(context, db, { action: 'job-started', actor: byPublisher, subject, facts });
  return job;
}

async function readJob(db: Db, number: number): Promise<Job> {
  const row = await db
    .selectFrom('jobs')
    .innerJoin('dispatches', 'dispatches.id', 'jobs.dispatch_id')
    .innerJoin('repositories', 'repositories.id', 'jobs.repository_id')
    .selectAll('jobs')
    .select([
      'commit_sha',
      'commit_author',
      'package_path',
      'base',
      'base_fixed',
      'slug',
      'mode',
      'branches',
      'scopes',
    ])
    .where('jobs.number', '=', number)
    .executeTakeFirstOrThrow();
  return {
    number: row.number,
    dispatchId: row.dispatch_id,
    attempt: row.attempts,
    repositoryId: row.repository_id as RepositoryId,
    slug: row.slug as Slug,
    mode: row.mode as PublishMode,
    branches: fromJson(row.branches),
    scopes: fromJson(row.scopes),
    commit: row.commit_sha as CommitSha,
    packagePath: row.package_path,
    allowLower: row.allow_lower === 1,
    everything: row.everything === 1,
    ...(row.only_paths === null ? {} : { onlyPaths: fromJson<readonly string[]>(row.only_paths) }),
    requestedBy: row.requested_by,
    requestedAt: row.created_at,
    commitAuthor: row.commit_author ?? undefined,
    base: row.base_fixed === 1 ? (row.base as CommitSha | null) : undefined,
  };
}

async function finish(context: StoreContext, db: Db, job: Job, end: JobEnd): Promise<void> {
  await closeAttempt(db, job, 'finished', context.clock.now());
  await endJob(context, db, job.number, {
    status: end.status,
    failure: end.failure,
    branch: end.judgedBranch,
    announcement: end.announcement,
  });
  await replaceOpenPackages(db, job, end);
  if (end.judgedBranch === undefined) return;
  const judged = { repository_id: job.repositoryId, branch: end.judgedBranch, commit_sha: job.commit };
  await db
    .insertInto('judged_commits')
    .values({ ...judged, judged_at: context.clock.now() })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
