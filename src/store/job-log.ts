import type { PackageResult, PackageState } from '../domain/report.ts';
import type { CommitSha } from '../domain/repository.ts';
import type { JobLog } from '../ports/job-log.ts';
import { fromJson, type StoreContext, toJson } from './context.ts';
import { listPackageResults } from './job-rows.ts';
import { findReport } from './report.ts';
import type { StageLog } from './stage-log.ts';

const rowsPerStatement = 100;

export function buildJobLog(context: StoreContext, stages: StageLog): JobLog {
  const { db } = context;
  return {
    startStage: async (job, stage, packageName) => stages.start(job, stage, packageName),
    endStage: async (id) => stages.end(id),
    savePackages: async (job, results) =>
      db.transaction().execute(async (trx) => {
        await stages.flush(trx);
        const rows = results.map((result) => ({
          job: job.number,
          path: result.path,
          name: result.name,
          state: result.state,
          result: toJson(context, result),
        }));
        for (let from = 0; from < rows.length; from += rowsPerStatement) {
          await trx
            .replaceInto('package_states')
            .values(rows.slice(from, from + rowsPerStatement))
            .execute();
        }
      }),
    listPackages: async (job) => listPackageResults(db, job),
    listEarlier: async (job, paths) => listEarlier(context, job, paths),
    listOpenPackages: async (job, branch) => {
      const rows = await db
        .selectFrom('open_packages')
        .selectAll()
        .where('repository_id', '=', job.repositoryId)
        .where('branch', '=', branch)
        .execute();
      return rows.map((row) => ({
        path: row.path,
        name: row.name,
        state: row.state as PackageState,
        commit: row.commit_sha as CommitSha,
      }));
    },
    findReport: async (dispatchId) => {
      await db.transaction().execute(async (trx) => stages.flush(trx));
      return findReport(db, dispatchId);
    },
  };
}

type ListEarlier = JobLog['listEarlier'];

async function listEarlier(
  { db }: StoreContext,
  job: Parameters<ListEarlier>[0],
  paths: readonly string[],
): ReturnType<ListEarlier> {
  const found = new Map<string, PackageResult>();
  for (let from = 0; from < paths.length; from += rowsPerStatement) {
    const rows = await db
      .selectFrom('package_states')
      .innerJoin('jobs', 'jobs.number', 'package_states.job')
      // SQLite takes the other columns of a group from the row that has the maximum.
      .select((eb) => ['package_states.path', 'result', eb.fn.max('package_states.job').as('newest')])
      .where('package_states.path', 'in', paths.slice(from, from + rowsPerStatement))
      .where('package_states.job', '<', job.number)
      .where('repository_id', '=', job.repositoryId)
      .where('state', '<>', 'unchanged')
      .groupBy('package_states.path')
      .execute();
    for (const row of rows) found.set(row.path, fromJson<PackageResult>(row.result));
  }
  return found;
}
