import type { Announcement, ProposedFix } from '../../domain/announcement/announcement.ts';
import { fixesKey, jobFinishedKey, jobRetriedPrefix } from '../../domain/announcement/announcement-keys.ts';
import { announceFixes } from '../../domain/announcement/follow-ups.ts';
import type { FixProposal, FixProposals } from '../../ports/preflight.ts';
import { insertAnnouncement } from '../announcements/outbox-rows.ts';
import { insertAudit } from '../audit/audit-rows.ts';
import { type Db, fromJson, type StoreContext } from '../engine/context.ts';

export function buildFixProposals(context: StoreContext): FixProposals {
  const { db } = context;
  return {
    find: async (repositoryId, name, commit) => {
      const row = await db
        .selectFrom('fix_proposals')
        .selectAll()
        .where('repository_id', '=', repositoryId)
        .where('name', '=', name)
        .where('commit_sha', '=', commit)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const { pull_request: pullRequest, url, requested_by: requestedBy } = row;
      return { repositoryId, name, commit, pullRequest, url, requestedBy };
    },
    save: async (proposal, job) => db.transaction().execute(async (trx) => save(context, trx, proposal, job)),
  };
}

async function save(context: StoreContext, db: Db, proposal: FixProposal, job: number): Promise<void> {
  const { repositoryId, name, commit, pullRequest, requestedBy: actor } = proposal;
  const { numInsertedOrUpdatedRows: added } = await db
    .insertInto('fix_proposals')
    .values({
      repository_id: repositoryId,
      name: context.redact(name),
      commit_sha: commit,
      pull_request: pullRequest,
      url: context.redact(proposal.url),
      requested_by: context.redact(actor),
      opened_at: context.clock.now(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (added === 0n) return;
  const facts = { commit, pullRequest, job };
  await insertAudit(context, db, { action: 'fix-proposed', actor, subject: name, facts });
  await sayProposed(context, db, job, await listProposed(db, repositoryId, commit));
}

/** Lists the proposed fixes of all packages of a commit. */
async function listProposed(db: Db, repositoryId: number, commit: string): Promise<readonly ProposedFix[]> {
  const rows = await db
    .selectFrom('fix_proposals')
    .selectAll()
    .where('repository_id', '=', repositoryId)
    .where('commit_sha', '=', commit)
    .orderBy('name')
    .execute();
  return rows.map(({ name, pull_request: pullRequest, url }) => ({ name, pullRequest, url }));
}

/** Lists the proposed fixes of all packages of a job’s commit. */
export async function listProposedFor(db: Db, job: number): Promise<readonly ProposedFix[]> {
  const origin = await db
    .selectFrom('jobs')
    .innerJoin('dispatches', 'dispatches.id', 'jobs.dispatch_id')
    .select(['jobs.repository_id', 'commit_sha'])
    .where('jobs.number', '=', job)
    .executeTakeFirst();
  return origin === undefined ? [] : listProposed(db, origin.repository_id, origin.commit_sha);
}

/** Announces the failed job’s latest message again, with the fixes that are proposed by now. */
async function sayProposed(
  context: StoreContext,
  db: Db,
  job: number,
  fixes: readonly ProposedFix[],
): Promise<void> {
  const row = await db
    .selectFrom('outbox')
    .select('announcement')
    .where((eb) =>
      eb.or([eb('key', '=', jobFinishedKey(job)), eb('key', 'like', `${jobRetriedPrefix(job)}%`)]),
    )
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  const last = row === undefined ? undefined : fromJson<Announcement>(row.announcement);
  const announcement = announceFixes(last, fixes);
  if (announcement === undefined) return;
  await insertAnnouncement(context, db, announcement, fixesKey(job, fixes.length));
}
