import type { PackageState } from '../../domain/job/report.ts';
import type { CommitSha } from '../../domain/repository/repository.ts';
import type { JobLog } from '../../ports/judgements.ts';
import { type StoreContext, toJson } from '../engine/context.ts';
import { listEarlier, listOtherJudgements } from '../judgements/earlier-judgements.ts';
import { listPackageResults } from './job-rows.ts';
import { findReport } from './report.ts';
import type { StageLog } from './stage-log.ts';

const rowsPerStatement = 100;

export function buildJobLog(context: StoreContext, stages: StageLog): JobLog {
  const { db, relaxed } = context;
  return {
    startStage: async (job, stage, packageName) => stages.start(job, stage, packageName),
    endStage: async (id) => stages.end(id),
    savePackages: async (job, results) =>
      relaxed.transaction().execute(async (trx) => {
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
    listEarlier: async (job, paths) => listEarlier(db, job, paths, undefined),
    listEarlierElsewhere: async (job, paths) => listEarlier(db, job, paths, job.commit),
    listOtherJudgements: async (job) => listOtherJudgements(db, job),
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
        reason: row.reason ?? undefined,
      }));
    },
    findReport: async (dispatchId) => {
      await relaxed.transaction().execute(async (trx) => stages.flush(trx));
      return findReport(db, dispatchId);
    },
  };
}
