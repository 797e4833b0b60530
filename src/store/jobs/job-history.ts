import type { JobLine, PublishLine } from '../../domain/job/job-line.ts';
import { failedStatuses } from '../../domain/job/job-status.ts';
import { restoreResult } from '../../domain/job/package-result.ts';
import type { JobStatus } from '../../domain/job/report.ts';
import { type RepositoryStatus, repositoryStatuses } from '../../domain/repository/repository.ts';
import type { JobHistory } from '../../ports/jobs.ts';
import { type Db, fromJson, type StoreContext } from '../engine/context.ts';
import { isNotFollowed } from './not-followed.ts';
import { turnOf } from './turns.ts';

export function buildJobHistory({ db }: StoreContext): JobHistory {
  return {
    listJobs: async (repositoryId, limit) => {
      const all = selectLines(db).orderBy('jobs.number', 'desc').limit(limit);
      const rows = await (repositoryId === undefined
        ? all
        : all.where('jobs.repository_id', '=', repositoryId)
      ).execute();
      return rows.map(toLine);
    },
    listPublishes: async (name, limit) => listPublishes(db, name, limit),
    findPosition: async (job) => findPosition(db, job),
    countRepositories: async () => countRepositories(db),
    listWaiting: async (since, limit) => {
      const { undelivered } = await db
        .selectFrom('outbox')
        .select((eb) => eb.fn.countAll<number>().as('undelivered'))
        .where('sent_at', 'is', null)
        .where('last_error', 'is not', null)
        .executeTakeFirstOrThrow();
      return { undelivered, failed: await listFailed(db, since, limit) };
    },
    listPackageNames: async () => {
      const rows = await db
        .selectFrom('head_packages')
        .innerJoin('repositories', 'repositories.id', 'head_packages.repository_id')
        .select('name')
        .distinct()
        .where('exclusion', 'is', null)
        .where('repositories.status', '=', 'active')
        .execute();
      return rows.map((row) => row.name);
    },
  };
}

function selectLines(db: Db) {
  return db
    .selectFrom('jobs')
    .innerJoin('dispatches', 'dispatches.id', 'jobs.dispatch_id')
    .innerJoin('repositories', 'repositories.id', 'jobs.repository_id')
    .select([
      'jobs.number',
      'slug',
      'commit_sha',
      'jobs.status',
      'waiting_for',
      'requested_by',
      'jobs.created_at',
      'started_at',
      'finished_at',
    ]);
}

type LineRow = Awaited<ReturnType<ReturnType<typeof selectLines>['execute']>>[number];

function toLine(row: LineRow): JobLine {
  const isOver = row.started_at !== null && row.finished_at !== null;
  return {
    job: row.number,
    repository: row.slug,
    commit: row.commit_sha,
    status: row.status as JobStatus,
    waitingFor: row.status === 'queued' ? row.waiting_for : null,
    requestedBy: row.requested_by,
    at: row.created_at,
    durationMs: isOver ? (row.finished_at ?? 0) - (row.started_at ?? 0) : undefined,
  };
}

async function listPublishes(db: Db, name: string, limit: number): Promise<readonly PublishLine[]> {
  const rows = await selectLines(db)
    .innerJoin('package_states', 'package_states.job', 'jobs.number')
    .select(['package_states.state', 'package_states.result'])
    .where('package_states.name', '=', name)
    .where('package_states.state', '<>', 'unchanged')
    .orderBy('package_states.job', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => {
    const { version } = restoreResult(fromJson(row.result));
    return { ...toLine(row), version: version ?? '', outcome: row.state };
  });
}

async function findPosition(db: Db, job: number): Promise<number | undefined> {
  const row = await db
    .selectFrom('jobs')
    .select((eb) =>
      eb
        .selectFrom('jobs as earlier')
        .whereRef('earlier.repository_id', '=', 'jobs.repository_id')
        .where((inner) =>
          inner.or([
            inner('earlier.status', '=', 'running'),
            inner.and([
              inner('earlier.status', '=', 'queued'),
              inner(turnOf('earlier'), '<', turnOf('jobs')),
            ]),
          ]),
        )
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .as('before'),
    )
    .where('number', '=', job)
    .where('status', '=', 'queued')
    .executeTakeFirst();
  return row === undefined ? undefined : (row.before ?? 0) + 1;
}

async function countRepositories(db: Db): Promise<Readonly<Record<RepositoryStatus, number>>> {
  const rows = await db
    .selectFrom('repositories')
    .select((eb) => ['status', eb.fn.countAll<number>().as('count')])
    .where('removed_at', 'is', null)
    .groupBy('status')
    .execute();
  const counts = new Map(rows.map((row) => [row.status, row.count]));
  const entries = repositoryStatuses.map((status) => [status, counts.get(status) ?? 0]);
  return Object.fromEntries(entries) as Readonly<Record<RepositoryStatus, number>>;
}

async function listFailed(db: Db, since: number, limit: number): Promise<readonly number[]> {
  const rows = await db
    .selectFrom('jobs')
    .innerJoin('repositories', 'repositories.id', 'jobs.repository_id')
    .select('jobs.number')
    .where('jobs.status', 'in', failedStatuses)
    .where('repositories.status', '=', 'active')
    .where('finished_at', '>=', since)
    .where(isNotFollowed)
    .orderBy('jobs.number', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => row.number);
}
