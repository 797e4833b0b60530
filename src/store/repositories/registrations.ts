import type { Selectable } from 'kysely';
import { byGitHub } from '../../domain/job/actor.ts';
import type { CommitSha, RepositoryId } from '../../domain/repository/repository.ts';
import type { Registration, Registrations } from '../../ports/repositories.ts';
import { insertAudit } from '../audit/audit-rows.ts';
import type { Db, StoreContext } from '../engine/context.ts';
import type { Schema } from '../engine/schema.ts';

export function buildRegistrations(context: StoreContext): Registrations {
  const { db } = context;
  return {
    find: async (repositoryId) => {
      const row = await db
        .selectFrom('registrations')
        .selectAll()
        .where('repository_id', '=', repositoryId)
        .executeTakeFirst();
      return row === undefined ? undefined : toRegistration(row);
    },
    listOpen: async () => {
      const rows = await db.selectFrom('registrations').selectAll().where('state', '=', 'open').execute();
      return rows.map(toRegistration);
    },
    save: async (registration) => db.transaction().execute(async (trx) => save(context, trx, registration)),
    stopMerging: async (repositoryId) => {
      await db
        .updateTable('registrations')
        .set({ merge_sha: null })
        .where('repository_id', '=', repositoryId)
        .execute();
    },
    close: async (repositoryId, state) =>
      db.transaction().execute(async (trx) => close(context, trx, repositoryId, state)),
  };
}

async function save(context: StoreContext, db: Db, registration: Registration): Promise<void> {
  const { repositoryId, pullRequest, kind, requestedBy: actor } = registration;
  await db
    .replaceInto('registrations')
    .values({
      repository_id: repositoryId,
      pull_request: pullRequest,
      url: context.redact(registration.url),
      kind,
      state: registration.state,
      requested_by: context.redact(actor),
      opened_at: context.clock.now(),
      merge_sha: registration.mergeAt ?? null,
    })
    .execute();
  const facts = { kind, pullRequest };
  const subject = await findSlug(db, repositoryId);
  await insertAudit(context, db, { action: 'registration-opened', actor, subject, facts });
}

async function close(
  context: StoreContext,
  db: Db,
  repositoryId: RepositoryId,
  state: 'merged' | 'closed',
): Promise<boolean> {
  const closed = await db
    .updateTable('registrations')
    .set({ state })
    .where('repository_id', '=', repositoryId)
    .where('state', '=', 'open')
    .returning(['kind', 'pull_request'])
    .executeTakeFirst();
  if (closed === undefined) return false;
  const facts = { kind: closed.kind, pullRequest: closed.pull_request };
  const subject = await findSlug(db, repositoryId);
  await insertAudit(context, db, { action: `registration-${state}`, actor: byGitHub, subject, facts });
  return true;
}

async function findSlug(db: Db, id: RepositoryId): Promise<string> {
  const row = db.selectFrom('repositories').select('slug').where('id', '=', id);
  return (await row.executeTakeFirstOrThrow()).slug;
}

function toRegistration(row: Selectable<Schema['registrations']>): Registration {
  return {
    repositoryId: row.repository_id as RepositoryId,
    pullRequest: row.pull_request,
    url: row.url,
    kind: row.kind as Registration['kind'],
    state: row.state as Registration['state'],
    requestedBy: row.requested_by,
    mergeAt: (row.merge_sha as CommitSha | null) ?? undefined,
  };
}
