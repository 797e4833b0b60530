import type { Failure } from '../../domain/failure/failure.ts';
import type { PublishLedger, RefusedUpload } from '../../ports/catalog.ts';
import { type Db, fromJson, type StoreContext, toJson } from '../engine/context.ts';

type RefusedUploads = Pick<PublishLedger, 'listRefused' | 'saveRefused' | 'forgetRefused'>;

export function buildRefusedUploads(context: StoreContext): RefusedUploads {
  const { db, registry } = context;
  return {
    listRefused: async (name, credentials) => {
      const rows = await db
        .selectFrom('refused_uploads')
        .selectAll()
        .where('registry', '=', registry)
        .where('name', '=', name)
        .where('credentials', '=', credentials)
        .orderBy('refused_at', 'desc')
        .execute();
      return rows.map(({ failure, refused_at: refusedAt, status, version }) => ({
        name,
        version,
        credentials,
        status,
        failure: fromJson<Failure>(failure),
        refusedAt,
      }));
    },
    saveRefused: async (refused) => db.transaction().execute(async (trx) => save(context, trx, refused)),
    forgetRefused: async (name) => {
      await db
        .deleteFrom('refused_uploads')
        .where('registry', '=', registry)
        .where('name', '=', name)
        .execute();
    },
  };
}

async function save(
  context: StoreContext,
  db: Db,
  { name, version, credentials, status, failure }: Omit<RefusedUpload, 'refusedAt'>,
): Promise<void> {
  const { clock, registry } = context;
  await db
    .deleteFrom('refused_uploads')
    .where('registry', '=', registry)
    .where('name', '=', name)
    .where((where) => where.or([where('credentials', '!=', credentials), where('version', '=', version)]))
    .execute();
  const why = toJson(context, failure);
  const row = { registry, name, version, credentials, status, failure: why, refused_at: clock.now() };
  await db.insertInto('refused_uploads').values(row).execute();
}
