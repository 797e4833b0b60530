import type { Job } from '../domain/report.ts';
import type { Db } from './context.ts';

const openStates = ['failed', 'held', 'not-attempted'];
/** What shadow mode left to another publisher is not ours to publish once the repository goes live. */
const openInShadow = ['failed', 'held'];

/**
 * After a job: what it judged is open or not by its new state. A judged branch also forgets packages that are no
 * longer in its tree; a named package that came through is closed on every branch.
 */
export async function replaceOpenPackages(db: Db, job: Job, branch: string | undefined): Promise<void> {
  const rows = await db
    .selectFrom('package_states')
    .select(['path', 'name', 'state'])
    .where('job', '=', job.number)
    .execute();
  const judged = rows.filter((row) => row.state !== 'unchanged');
  const states = job.mode === 'shadow' ? openInShadow : openStates;
  const open = judged.filter((row) => states.includes(row.state));
  if (branch === undefined) {
    for (const row of judged.filter((item) => !open.includes(item))) {
      await deleteOpen(db, job).where('path', '=', row.path).execute();
    }
    return;
  }
  const unchanged = new Set(rows.filter((row) => row.state === 'unchanged').map((row) => row.path));
  const known = await db
    .selectFrom('open_packages')
    .select('path')
    .where('repository_id', '=', job.repositoryId)
    .where('branch', '=', branch)
    .execute();
  for (const { path } of known.filter((row) => !unchanged.has(row.path))) {
    await deleteOpen(db, job).where('branch', '=', branch).where('path', '=', path).execute();
  }
  const where = { repository_id: job.repositoryId, branch, commit_sha: job.commit };
  for (const row of open)
    await db
      .insertInto('open_packages')
      .values({ ...where, ...row })
      .execute();
}

function deleteOpen(db: Db, job: Job) {
  return db.deleteFrom('open_packages').where('repository_id', '=', job.repositoryId);
}
