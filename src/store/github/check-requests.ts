import type { CommitSha, RepositoryId } from '../../domain/repository/repository.ts';
import type { CheckOutcome, CheckRequest, CheckRequests, WaitingCheck } from '../../ports/github.ts';
import type { Db, StoreContext } from '../engine/context.ts';

export function buildCheckRequests({ db, clock }: StoreContext): CheckRequests {
  return {
    request: async (request) =>
      db.transaction().execute(async (trx) => insertRequest(trx, request, clock.now())),
    findDue: async () => findDue(db, clock.now()),
    settle: async ({ repositoryId, commit }, outcome) => {
      await db
        .updateTable('check_requests')
        .set({ state: outcome, settled_at: clock.now() })
        .where('repository_id', '=', repositoryId)
        .where('commit_sha', '=', commit)
        .execute();
    },
    postpone: async ({ repositoryId, commit }, notBefore) => {
      await db
        .updateTable('check_requests')
        .set((eb) => ({ not_before: notBefore, tries: eb('tries', '+', 1) }))
        .where('repository_id', '=', repositoryId)
        .where('commit_sha', '=', commit)
        .execute();
    },
    findLastOutcome: async () => {
      const row = await db
        .selectFrom('check_requests')
        .select('state')
        .where('settled_at', 'is not', null)
        .orderBy('settled_at', 'desc')
        .orderBy('id', 'desc')
        .executeTakeFirst();
      return row?.state as CheckOutcome | undefined;
    },
  };
}

async function insertRequest(db: Db, request: CheckRequest, now: number): Promise<boolean> {
  const { repositoryId, commit, branch, isDefaultBranch, pullRequest } = request;
  const done = await db
    .insertInto('check_requests')
    .values({
      repository_id: repositoryId,
      commit_sha: commit,
      branch,
      is_default: isDefaultBranch ? 1 : 0,
      pull_request: pullRequest ?? null,
      state: 'waiting',
      requested_at: now,
      settled_at: null,
    })
    .onConflict((conflict) => conflict.columns(['repository_id', 'commit_sha']).doNothing())
    .executeTakeFirst();
  if (Number(done.numInsertedOrUpdatedRows ?? 0) === 0) return false;
  // Deletes requests for the head that this one replaces: nobody looks at its plan any more.
  const older = db
    .deleteFrom('check_requests')
    .where('repository_id', '=', repositoryId)
    .where('commit_sha', '<>', commit)
    .where('state', '=', 'waiting');
  await (pullRequest === undefined
    ? older.where('pull_request', 'is', null).where('branch', '=', branch)
    : older.where('pull_request', '=', pullRequest)
  ).execute();
  return true;
}

async function findDue(db: Db, now: number): Promise<WaitingCheck | undefined> {
  const row = await db
    .selectFrom('check_requests')
    .selectAll()
    .where('state', '=', 'waiting')
    .where('not_before', '<=', now)
    .orderBy('not_before')
    .orderBy('id')
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    repositoryId: row.repository_id as RepositoryId,
    commit: row.commit_sha as CommitSha,
    branch: row.branch,
    isDefaultBranch: row.is_default === 1,
    pullRequest: row.pull_request ?? undefined,
    tries: row.tries,
    requestedAt: row.requested_at,
  };
}
