import type { Selectable } from 'kysely';
import type { RepositoryId } from '../domain/repository.ts';
import type { Registration, Registrations } from '../ports/registrations.ts';
import type { StoreContext } from './context.ts';
import type { Schema } from './schema.ts';

export function buildRegistrations(context: StoreContext): Registrations {
  const { db, clock, redact } = context;
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
    save: async (registration) => {
      await db
        .replaceInto('registrations')
        .values({
          repository_id: registration.repositoryId,
          pull_request: registration.pullRequest,
          url: redact(registration.url),
          kind: registration.kind,
          state: registration.state,
          requested_by: redact(registration.requestedBy),
          opened_at: clock.now(),
        })
        .execute();
    },
    close: async (repositoryId, state) => {
      const done = await db
        .updateTable('registrations')
        .set({ state })
        .where('repository_id', '=', repositoryId)
        .where('state', '=', 'open')
        .executeTakeFirst();
      return Number(done.numUpdatedRows) > 0;
    },
  };
}

function toRegistration(row: Selectable<Schema['registrations']>): Registration {
  return {
    repositoryId: row.repository_id as RepositoryId,
    pullRequest: row.pull_request,
    url: row.url,
    kind: row.kind as Registration['kind'],
    state: row.state as Registration['state'],
    requestedBy: row.requested_by,
  };
}
