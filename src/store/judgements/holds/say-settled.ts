import type { Announcement, HoldSettled, JobFinished } from '../../../domain/announcement/announcement.ts';
import {
  holdSettledKey,
  jobFinishedKey,
  jobRetriedPrefix,
} from '../../../domain/announcement/announcement-keys.ts';
import { announceSettled } from '../../../domain/announcement/follow-ups.ts';
import type { HoldOutcome } from '../../../domain/package/hold.ts';
import { insertAnnouncement } from '../../announcements/outbox-rows.ts';
import { type Db, fromJson, type StoreContext } from '../../engine/context.ts';
import type { HoldRow } from './settle.ts';

/** Updates the messages that mention these holds with their outcome; `cause` makes each update happen once. */
export async function saySettled(
  context: StoreContext,
  db: Db,
  holds: readonly HoldRow[],
  cause: string,
): Promise<void> {
  for (const job of new Set(holds.map(({ told_in: toldIn }) => toldIn))) {
    const ended = await findEnded(db, job);
    if (ended === undefined) continue;
    const retried = await findRetried(db, job);
    const settled = await listSettled(db, job);
    const announcement = announceSettled(ended, settled, retried);
    await insertAnnouncement(context, db, announcement, holdSettledKey(job, cause));
  }
}

async function listSettled(db: Db, job: number): Promise<HoldSettled['settled']> {
  const rows = await db
    .selectFrom('holds')
    .select(['name', 'version', 'outcome', 'detail', 'settled_by'])
    .where('told_in', '=', job)
    .where('state', '=', 'settled')
    .orderBy('id')
    .execute();
  return rows.map(({ name, version, outcome, detail, settled_by: by }) => ({
    name,
    version,
    outcome: outcome as HoldOutcome,
    detail,
    job: by,
  }));
}

/** Returns what was announced when the job ended. */
async function findEnded(db: Db, job: number): Promise<JobFinished | undefined> {
  const row = await db
    .selectFrom('outbox')
    .select('announcement')
    .where('key', '=', jobFinishedKey(job))
    .executeTakeFirst();
  const announcement = row === undefined ? undefined : fromJson<Announcement>(row.announcement);
  return announcement?.kind === 'job-finished' ? announcement : undefined;
}

async function findRetried(db: Db, job: number): Promise<Announcement | undefined> {
  const row = await db
    .selectFrom('outbox')
    .select('announcement')
    .where('key', 'like', `${jobRetriedPrefix(job)}%`)
    .orderBy('id', 'desc')
    .executeTakeFirst();
  return row === undefined ? undefined : fromJson<Announcement>(row.announcement);
}
