import type { Announcement } from '../../domain/announcement/announcement.ts';
import { dispatcherFailedPrefix } from '../../domain/announcement/announcement-keys.ts';
import { aliveStatuses, failedStatuses, publishingStatuses } from '../../domain/job/job-status.ts';
import { restoreResult } from '../../domain/job/package-result.ts';
import type { LiveJob, WorkSummary } from '../../domain/job/work-summary.ts';
import type { RepositoryId } from '../../domain/repository/repository.ts';
import type { OpenWork } from '../../ports/jobs.ts';
import { type Db, fromJson, type StoreContext } from '../engine/context.ts';
import { listOpenFailures } from './open-failures.ts';

export function buildOpenWork({ db }: StoreContext): OpenWork {
  return {
    listFailures: async (since) => listOpenFailures(db, since),
    listLive: async () => listLive(db),
    summarize: async (from, to) => summarize(db, from, to),
    listPublished: async (from, to) => {
      const rows = await db
        .selectFrom('package_states')
        .innerJoin('jobs', 'jobs.number', 'package_states.job')
        .innerJoin('repositories', 'repositories.id', 'jobs.repository_id')
        .select(['package_states.name', 'package_states.result', 'slug', 'jobs.number'])
        .where('package_states.state', '=', 'published')
        .where('finished_at', '>=', from)
        .where('finished_at', '<', to)
        .orderBy('jobs.number')
        .orderBy('package_states.path')
        .execute();
      return rows.map((row) => {
        const { version } = restoreResult(fromJson(row.result));
        return { name: row.name, version: version ?? '', repository: row.slug, job: row.number };
      });
    },
    findUnsent: async (before) => {
      const unsent = db.selectFrom('outbox').where('sent_at', 'is', null).where('created_at', '<', before);
      const { count } = await unsent
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      const oldest = await unsent.select(['created_at', 'last_error']).orderBy('id').executeTakeFirst();
      return { count, since: oldest?.created_at, detail: oldest?.last_error ?? undefined };
    },
    listFailingDispatchers: async (since) => {
      const rows = await db
        .selectFrom('outbox')
        .select('announcement')
        .where('key', 'like', `${dispatcherFailedPrefix}%`)
        .where('created_at', '>=', since)
        .execute();
      const counts = new Map<string, number>();
      for (const row of rows) {
        const said = fromJson<Announcement>(row.announcement);
        if (said.kind !== 'repository-notice') continue;
        counts.set(said.repository, (counts.get(said.repository) ?? 0) + 1);
      }
      return counts;
    },
  };
}

async function listLive(db: Db): Promise<readonly LiveJob[]> {
  const rows = await db
    .selectFrom('jobs')
    .innerJoin('repositories', 'repositories.id', 'jobs.repository_id')
    .select((eb) => [
      'jobs.number',
      'jobs.repository_id',
      'slug',
      'jobs.status',
      'waiting_for',
      'jobs.created_at',
      'not_before',
      eb
        .selectFrom('attempts')
        .select((inner) => inner.fn.max('attempts.started_at').as('started'))
        .whereRef('attempts.job', '=', 'jobs.number')
        .as('attempt_at'),
    ])
    .where('jobs.status', 'in', aliveStatuses)
    .orderBy('jobs.number')
    .execute();
  return rows.map((row) => {
    const status = row.status === 'running' ? 'running' : 'queued';
    const dueAt = Math.max(row.created_at, row.not_before);
    return {
      job: row.number,
      repositoryId: row.repository_id as RepositoryId,
      repository: row.slug,
      status,
      waitingFor: row.waiting_for,
      since: status === 'running' ? (row.attempt_at ?? row.created_at) : dueAt,
    };
  });
}

async function summarize(db: Db, from: number, to: number): Promise<WorkSummary> {
  const within = db
    .selectFrom('jobs')
    .innerJoin('repositories', 'repositories.id', 'jobs.repository_id')
    .where('finished_at', '>=', from)
    .where('finished_at', '<', to);
  const counts = await within
    .select((eb) => [
      eb.fn.countAll<number>().as('ended'),
      eb.fn.countAll<number>().filterWhere('jobs.status', 'in', failedStatuses).as('failed'),
    ])
    .executeTakeFirstOrThrow();
  const slowest = await within
    .select((eb) => ['jobs.number', 'slug', eb('finished_at', '-', eb.ref('jobs.created_at')).as('took')])
    .where('jobs.status', 'in', publishingStatuses)
    .orderBy('took', 'desc')
    .executeTakeFirst();
  return {
    ended: counts.ended,
    failed: counts.failed,
    slowest:
      slowest === undefined
        ? undefined
        : { job: slowest.number, repository: slowest.slug, durationMs: slowest.took ?? 0 },
  };
}
