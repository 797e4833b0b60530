import { sql } from 'kysely';
import { restoreResult } from '../../domain/job/package-result.ts';
import type { Job, PackageResult } from '../../domain/job/report.ts';
import type { CommitSha } from '../../domain/repository/repository.ts';
import type { OtherJudgement } from '../../ports/judgements.ts';
import { type Db, fromJson } from '../engine/context.ts';
import { turnOf } from '../jobs/turns.ts';

const rowsPerStatement = 100;
/** Number of jobs that are looked back at. */
const judgementsMax = 200;

type Asking = Pick<Job, 'number' | 'repositoryId'>;

/** The turn in which a job runs among those of its repository. */
function turnOfJob({ number }: Pick<Job, 'number'>) {
  return sql<number>`(select coalesce(asking.turn, asking.number) from jobs as asking where asking.number = ${number})`;
}

export async function listEarlier(
  db: Db,
  job: Asking,
  paths: readonly string[],
  leftOut: CommitSha | undefined,
): Promise<ReadonlyMap<string, PackageResult>> {
  const found = new Map<string, PackageResult>();
  for (let from = 0; from < paths.length; from += rowsPerStatement) {
    const earlier = db
      .selectFrom('package_states')
      .innerJoin('jobs', 'jobs.number', 'package_states.job')
      // With max(), SQLite takes the other columns of a group from the row that has the maximum.
      .select((eb) => ['package_states.path', 'result', eb.fn.max(turnOf('jobs')).as('newest')])
      .where('package_states.path', 'in', paths.slice(from, from + rowsPerStatement))
      .where(turnOf('jobs'), '<', turnOfJob(job))
      .where('jobs.repository_id', '=', job.repositoryId)
      .where('state', '<>', 'unchanged')
      .groupBy('package_states.path');
    const rows = await (leftOut === undefined
      ? earlier
      : earlier
          .innerJoin('dispatches', 'dispatches.id', 'jobs.dispatch_id')
          .where('dispatches.commit_sha', '<>', leftOut)
    ).execute();
    for (const row of rows) found.set(row.path, restoreResult(fromJson(row.result)));
  }
  return found;
}

export async function listOtherJudgements(db: Db, job: Job): Promise<readonly OtherJudgement[]> {
  const judged = db
    .selectFrom('jobs')
    .innerJoin('dispatches', 'dispatches.id', 'jobs.dispatch_id')
    .where('jobs.repository_id', '=', job.repositoryId)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('package_states')
          .select('package_states.job')
          .whereRef('package_states.job', '=', 'jobs.number')
          .where('package_states.state', '<>', 'not-attempted'),
      ),
    );
  const own = await judged
    .select((eb) => eb.fn.min(turnOf('jobs')).as('turn'))
    .where('dispatches.commit_sha', '=', job.commit)
    .executeTakeFirst();
  const rows = await judged
    .select(['commit_sha', 'package_path', turnOf('jobs').as('turn')])
    .where('dispatches.commit_sha', '<>', job.commit)
    .orderBy('turn', 'desc')
    .limit(judgementsMax)
    .execute();
  return rows.map((row) => ({
    commit: row.commit_sha as CommitSha,
    packagePath: row.package_path,
    isBefore: row.turn < (own?.turn ?? Number.POSITIVE_INFINITY),
  }));
}
