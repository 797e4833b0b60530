import { type Expression, type SqlBool, sql } from 'kysely';
import type { Failure } from '../../domain/failure/failure.ts';
import type { AuditedJob } from '../../domain/job/audited-job.ts';
import type { JobStatus } from '../../domain/job/report.ts';
import type { Slug } from '../../domain/repository/repository.ts';
import type { AuditFilter, AuditTrail, NumberedEntry } from '../../ports/audit.ts';
import { type Db, fromJson } from '../engine/context.ts';
import { listPackageResults } from '../jobs/job-rows.ts';

const rowsPerPage = 500;

/** Reads the audit trail page by page, so that no read stays open while the process writes. */
export function buildAuditTrail(db: Db): AuditTrail {
  return {
    streamJobs: async function* (filter) {
      let after = 0;
      for (;;) {
        const rows = await listJobs(db, filter, after);
        for (const row of rows) yield await toAuditedJob(db, row);
        after = rows.at(-1)?.number ?? 0;
        if (rows.length < rowsPerPage) return;
      }
    },
    streamEntries: async function* (filter) {
      let after = 0;
      for (;;) {
        const rows = await listEntries(db, filter, after);
        yield* rows;
        after = rows.at(-1)?.id ?? 0;
        if (rows.length < rowsPerPage) return;
      }
    },
  };
}

async function listJobs(db: Db, { since, until, repository }: AuditFilter, after: number) {
  const all = db
    .selectFrom('jobs')
    .innerJoin('dispatches', 'dispatches.id', 'jobs.dispatch_id')
    .innerJoin('repositories', 'repositories.id', 'jobs.repository_id')
    .selectAll('jobs')
    .select(['slug', 'commit_sha', 'commit_message', 'commit_author', 'package_path'])
    .select('dispatches.branch as dispatched_branch')
    .where('jobs.number', '>', after)
    .where('jobs.created_at', '>=', since)
    .where('jobs.created_at', '<', until);
  const wanted =
    repository === undefined ? all : all.where('jobs.repository_id', '=', await findId(db, repository));
  return wanted.orderBy('jobs.number').limit(rowsPerPage).execute();
}

async function findId(db: Db, slug: Slug): Promise<number> {
  const row = await db.selectFrom('repositories').select('id').where('slug', '=', slug).executeTakeFirst();
  return row?.id ?? 0;
}

type JobRow = Awaited<ReturnType<typeof listJobs>>[number];

async function toAuditedJob(db: Db, row: JobRow): Promise<AuditedJob> {
  const intent = await db
    .selectFrom('intents')
    .select('registry')
    .where('job', '=', row.number)
    .limit(1)
    .executeTakeFirst();
  return {
    job: row.number,
    acceptedAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    status: row.status as JobStatus,
    attempts: row.attempts,
    requestedBy: row.requested_by,
    repository: row.slug,
    commit: row.commit_sha,
    commitMessage: row.commit_message,
    commitAuthor: row.commit_author,
    branch: row.branch ?? row.dispatched_branch,
    packagePath: row.package_path,
    registry: intent?.registry ?? null,
    allowLower: row.allow_lower === 1,
    failure: row.failure === null ? null : fromJson<Failure>(row.failure),
    packages: await listPackageResults(db, row.number),
  };
}

type EntryFilter = Parameters<AuditTrail['streamEntries']>[0];

async function listEntries(
  db: Db,
  { since, until, repository, action }: EntryFilter,
  after: number,
): Promise<readonly NumberedEntry[]> {
  // Ordered by id, the order of writing: an order by time would have to be sorted again for each page.
  let query = db
    .selectFrom('audit')
    .selectAll()
    .where('id', '>', after)
    .where(sql<SqlBool>`+at >= ${since} and +at < ${until}`);
  if (action !== undefined) query = query.where('action', '=', action);
  if (repository !== undefined) query = query.where(isAbout(repository, await findId(db, repository)));
  const rows = await query.orderBy('id').limit(rowsPerPage).execute();
  return rows.map((row) => ({ ...row, facts: fromJson(row.facts) }));
}

/** Matches a row whose subject is the repository, whose facts name it, or that is about one of its jobs. */
export function isAbout(slug: Slug, id: number): Expression<SqlBool> {
  return sql<SqlBool>`(audit.subject = ${slug} collate nocase
    or audit.facts ->> 'repository' = ${slug} collate nocase
    or audit.subject like '#%' and exists (
      select 1 from jobs where number = cast(substr(audit.subject, 2) as integer) and repository_id = ${id}))`;
}
