import { jobFindingKey } from '../../domain/announcement/announcement-keys.ts';
import type { JobFinding, JobFindings } from '../../ports/schedule.ts';
import { insertAnnouncement } from '../announcements/outbox-rows.ts';
import type { Db, StoreContext } from '../engine/context.ts';

export function buildFindings(context: StoreContext): JobFindings {
  return {
    settle: async (job, found) =>
      context.db.transaction().execute(async (trx) => {
        let changed = 0;
        for (const finding of found) if (await settle(context, trx, job, finding)) changed += 1;
        return changed;
      }),
  };
}

async function settle(context: StoreContext, db: Db, job: string, finding: JobFinding): Promise<boolean> {
  const { subject, notice } = finding;
  const text = finding.text === undefined ? undefined : context.redact(finding.text);
  const known = await db
    .selectFrom('findings')
    .select('text')
    .where('job', '=', job)
    .where('subject', '=', subject)
    .executeTakeFirst();
  if (known?.text === text) return false;
  const since = context.clock.now();
  if (text === undefined) {
    await db.deleteFrom('findings').where('job', '=', job).where('subject', '=', subject).execute();
  } else {
    await db.replaceInto('findings').values({ job, subject, text, since }).execute();
  }
  if (notice !== undefined) await insertAnnouncement(context, db, notice, jobFindingKey(job, subject, since));
  return true;
}
