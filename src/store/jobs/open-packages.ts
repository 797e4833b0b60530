import { sortJudged } from '../../domain/job/open-packages.ts';
import { restoreResult } from '../../domain/job/package-result.ts';
import type { Job, PackageResult, PackageState } from '../../domain/job/report.ts';
import type { JobEnd } from '../../ports/jobs.ts';
import { type Db, fromJson } from '../engine/context.ts';

/**
 * Updates the open packages after a job, by the new state of each package that it judged. A judged branch also forgets
 * packages that are no longer in its tree; a published package that was asked for by path is closed on every branch.
 * If a newer commit was judged before this job’s commit, the job opens nothing and closes packages of its own commit
 * only.
 */
export async function replaceOpenPackages(
  db: Db,
  job: Job,
  { judgedBranch: branch, isSuperseded = false, asBefore = [] }: JobEnd,
): Promise<void> {
  const rows = await db
    .selectFrom('package_states')
    .select(['path', 'state', 'result'])
    .where('job', '=', job.number)
    .execute();
  const stored = rows.map(({ path, state, result }) => ({
    path,
    state: state as PackageState,
    read: () => restoreResult(fromJson(result)),
  }));
  const { open, through, unchanged } = sortJudged(job.mode, stored, asBefore);
  if (isSuperseded) {
    for (const path of through) {
      await deleteOpen(db, job).where('path', '=', path).where('commit_sha', '=', job.commit).execute();
    }
    return;
  }
  if (branch === undefined) {
    for (const path of through) await deleteOpen(db, job).where('path', '=', path).execute();
    return;
  }
  await replaceOnBranch(db, job, branch, { unchanged, open });
}

interface OnBranch {
  /** Paths about which the job says nothing. */
  readonly unchanged: ReadonlySet<string>;
  readonly open: readonly PackageResult[];
}

async function replaceOnBranch(
  db: Db,
  job: Job,
  branch: string,
  { unchanged, open }: OnBranch,
): Promise<void> {
  const known = await db
    .selectFrom('open_packages')
    .select('path')
    .where('repository_id', '=', job.repositoryId)
    .where('branch', '=', branch)
    .execute();
  for (const { path } of known.filter((row) => !unchanged.has(row.path))) {
    await deleteOpen(db, job).where('branch', '=', branch).where('path', '=', path).execute();
  }
  const place = { repository_id: job.repositoryId, branch, commit_sha: job.commit };
  for (const { path, name, state, failure } of open) {
    await db
      .insertInto('open_packages')
      .values({ ...place, path, name, state, reason: failure?.reason ?? null })
      .execute();
  }
}

function deleteOpen(db: Db, job: Job) {
  return db.deleteFrom('open_packages').where('repository_id', '=', job.repositoryId);
}
