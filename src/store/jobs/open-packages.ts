import type { Job, PackageResult } from '../../domain/job/report.ts';
import type { JobEnd } from '../../ports/jobs.ts';
import { type Db, fromJson } from '../engine/context.ts';

const openStates = ['failed', 'held', 'not-attempted'];
/** What shadow mode left to another publisher is not ours to publish once the repository goes live. */
const openInShadow = ['failed', 'held'];

/**
 * After a job: what it judged is open or not by its new state. A judged branch also forgets packages that are no
 * longer in its tree; a named package that came through is closed on every branch. Of a commit that a newer one was
 * judged before, nothing is open: what comes through is closed as of that commit only.
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
  const again = new Map(asBefore.map((result) => [result.path, result]));
  const judged = rows
    .filter((row) => row.state !== 'unchanged' || again.has(row.path))
    .map((row) => again.get(row.path) ?? fromJson<PackageResult>(row.result));
  const states = job.mode === 'shadow' ? openInShadow : openStates;
  const open = judged.filter((item) => states.includes(item.state));
  const through = judged.filter((item) => !open.includes(item)).map((item) => item.path);
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
  const judgedPaths = new Set(judged.map((item) => item.path));
  const unchanged = new Set(rows.map((row) => row.path).filter((path) => !judgedPaths.has(path)));
  await replaceOnBranch(db, job, branch, { unchanged, open });
}

interface OnBranch {
  /** Paths of which the job says nothing. */
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
