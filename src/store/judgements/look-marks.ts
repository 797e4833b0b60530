import { leftAloneKey } from '../../domain/announcement/announcement-keys.ts';
import { announceLeftAlone } from '../../domain/announcement/follow-ups.ts';
import { byPublisher } from '../../domain/job/actor.ts';
import {
  judgeCrashes,
  type LookVerdict,
  mostBlamed,
  mostCrashes,
} from '../../domain/repository/head-crashes.ts';
import type { CommitSha, RepositoryId, Slug } from '../../domain/repository/repository.ts';
import type { HeadLook, LeftAlone, LookMarks } from '../../ports/judgements.ts';
import { insertAnnouncement } from '../announcements/outbox-rows.ts';
import { insertAudit } from '../audit/audit-rows.ts';
import type { Db, StoreContext } from '../engine/context.ts';

export function buildLookMarks(context: StoreContext): LookMarks {
  const { db, relaxed } = context;
  const inTransaction = async <T>(work: (trx: Db) => Promise<T>): Promise<T> =>
    db.transaction().execute(work);
  return {
    judge: async (look) => judge(db, look),
    begin: async (look) => relaxed.transaction().execute(async (trx) => begin(context, trx, look)),
    end: async (look, isHarmless) => relaxed.transaction().execute(async (trx) => end(trx, look, isHarmless)),
    countCrashes: async () => inTransaction(async (trx) => countCrashes(context, trx)),
    pardon: async () =>
      inTransaction(async (trx) => {
        await trx.updateTable('head_looks').set({ running: 0 }).execute();
        await forgetEnded(trx);
      }),
    lift: async (id, by) => inTransaction(async (trx) => lift(context, trx, id, by)),
    listSuspected: async () => {
      const rows = await db
        .selectFrom('head_looks')
        .select('repository_id')
        .where('crashes', '>', 0)
        .execute();
      return new Set(rows.map((row) => row.repository_id as RepositoryId));
    },
    listLeftAlone: async () => listLeftAlone(db),
    isJobRunning: async () => isJobRunning(db),
  };
}

async function judge(
  db: Db,
  { repositoryId, commit }: Pick<HeadLook, 'repositoryId' | 'commit'>,
): Promise<LookVerdict> {
  const { crashes } = await db
    .selectFrom('head_looks')
    .select((eb) => eb.fn.coalesce(eb.fn.max('crashes'), eb.val(0)).as('crashes'))
    .where('repository_id', '=', repositoryId)
    .where('commit_sha', '=', commit)
    .executeTakeFirstOrThrow();
  return judgeCrashes(crashes);
}

async function begin({ clock }: StoreContext, db: Db, look: HeadLook): Promise<void> {
  const { repositoryId, commit, place, kind } = look;
  await db
    .deleteFrom('head_looks')
    .where('repository_id', '=', repositoryId)
    .where('place', '=', place)
    .where('commit_sha', '!=', commit)
    .where('running', '=', 0)
    .execute();
  await db
    .insertInto('head_looks')
    .values({ repository_id: repositoryId, commit_sha: commit, place, kind, running: 1, since: clock.now() })
    .onConflict((conflict) =>
      conflict
        .columns(['repository_id', 'commit_sha', 'place', 'kind'])
        .doUpdateSet((eb) => ({ running: eb('head_looks.running', '+', 1) })),
    )
    .execute();
}

async function end(db: Db, look: HeadLook, isHarmless: boolean): Promise<void> {
  await db
    .updateTable('head_looks')
    .set((eb) => ({ running: eb('running', '-', 1), ...(isHarmless ? { crashes: 0 } : {}) }))
    .where('repository_id', '=', look.repositoryId)
    .where('commit_sha', '=', look.commit)
    .where('place', '=', look.place)
    .where('kind', '=', look.kind)
    .where('running', '>', 0)
    .execute();
  await forgetEnded(db);
}

async function forgetEnded(db: Db): Promise<void> {
  await db.deleteFrom('head_looks').where('running', '=', 0).where('crashes', '=', 0).execute();
}

async function countCrashes(context: StoreContext, db: Db): Promise<readonly LeftAlone[]> {
  const mostCounted = mostBlamed(await isJobRunning(db));
  const counted = await db
    .updateTable('head_looks')
    .set((eb) => ({ crashes: eb('crashes', '+', 1) }))
    .where('running', '>', 0)
    .where('crashes', '<', mostCounted)
    .returning(['repository_id', 'commit_sha', 'crashes', 'since'])
    .execute();
  await db.updateTable('head_looks').set({ running: 0 }).execute();
  const left: LeftAlone[] = [];
  for (const { repository_id: id, commit_sha: commit, crashes, since } of counted) {
    const { slug } = await db
      .selectFrom('repositories')
      .select('slug')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const facts = { commit, crashes };
    const verdict = judgeCrashes(crashes);
    const action = `head-${verdict}`;
    await insertAudit(context, db, { action, actor: byPublisher, subject: slug, facts });
    const isTold = left.some((known) => known.repository === slug && known.commit === commit);
    if (verdict !== 'left-alone' || isTold) continue;
    const notice = announceLeftAlone(slug, commit);
    await insertAnnouncement(context, db, notice, leftAloneKey(id, commit, since));
    left.push({ repository: slug as Slug, commit: commit as CommitSha });
  }
  return left;
}

async function lift(context: StoreContext, db: Db, id: RepositoryId, by: string): Promise<boolean> {
  const lifted = await db
    .updateTable('head_looks')
    .set({ crashes: 0 })
    .where('repository_id', '=', id)
    .where('crashes', '>', 0)
    .returning(['commit_sha', 'crashes'])
    .execute();
  await forgetEnded(db);
  const [first] = lifted;
  if (first === undefined) return false;
  const { slug } = await db
    .selectFrom('repositories')
    .select('slug')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const facts = { commits: [...new Set(lifted.map((row) => row.commit_sha))] };
  await insertAudit(context, db, { action: 'head-look-allowed', actor: by, subject: slug, facts });
  return true;
}

async function listLeftAlone(db: Db): Promise<readonly LeftAlone[]> {
  const rows = await db
    .selectFrom('head_looks')
    .innerJoin('repositories', 'repositories.id', 'head_looks.repository_id')
    .select(['slug', 'commit_sha'])
    .distinct()
    .where('crashes', '>=', mostCrashes)
    .where('status', '=', 'active')
    .orderBy('slug')
    .execute();
  return rows.map((row) => ({ repository: row.slug as Slug, commit: row.commit_sha as CommitSha }));
}

async function isJobRunning(db: Db): Promise<boolean> {
  const row = await db
    .selectFrom('jobs')
    .select('number')
    .where('status', '=', 'running')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
