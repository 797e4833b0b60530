import type { AuditCursor, AuditPage, AuditPageRequest, AuditPages } from '../../ports/audit.ts';
import { type Db, fromJson, type StoreContext } from '../engine/context.ts';
import { isAbout } from './audit-trail.ts';

/**
 * Rows that one page filtered by repository reads at most. No index covers that filter, and reading more rows at once
 * would block the process’s only thread for too long.
 */
const mostLookedThrough = 20_000;

export function buildAuditPages(
  { db }: Pick<StoreContext, 'db'>,
  rowsLookedThrough = mostLookedThrough,
): AuditPages {
  return {
    listPage: async (request) =>
      request.beside?.side === 'newer'
        ? listNewer(db, { ...request, rowsLookedThrough }, request.beside)
        : listOlder(db, { ...request, rowsLookedThrough }, request.beside),
  };
}

interface BoundedRequest extends AuditPageRequest {
  readonly rowsLookedThrough: number;
}

async function listOlder(
  db: Db,
  request: BoundedRequest,
  beside: AuditCursor | undefined,
): Promise<AuditPage> {
  const { first, last } = await findEnds(db);
  const below = beside?.id ?? last + 1;
  const from = request.about === undefined ? first : below - request.rowsLookedThrough;
  const found = await select(db, request)
    .where('id', '<', below)
    .where('id', '>=', from)
    .orderBy('id', 'desc')
    .limit(request.limit + 1)
    .execute();
  const rows = found.slice(0, request.limit);
  return {
    rows: rows.map((row) => ({ ...row, facts: fromJson(row.facts) })),
    older: found.length > rows.length ? rows.at(-1)?.id : from > first ? from : undefined,
    newer: below > last ? undefined : (rows[0]?.id ?? below - 1),
  };
}

async function listNewer(db: Db, request: BoundedRequest, { id: above }: AuditCursor): Promise<AuditPage> {
  const { last } = await findEnds(db);
  const to = request.about === undefined ? last : above + request.rowsLookedThrough;
  const found = await select(db, request)
    .where('id', '>', above)
    .where('id', '<=', to)
    .orderBy('id')
    .limit(request.limit + 1)
    .execute();
  const rows = found.slice(0, request.limit).toReversed();
  return {
    rows: rows.map((row) => ({ ...row, facts: fromJson(row.facts) })),
    older: rows.at(-1)?.id ?? above + 1,
    newer: found.length > rows.length ? rows[0]?.id : to < last ? to : undefined,
  };
}

function select(db: Db, { about }: AuditPageRequest) {
  const all = db.selectFrom('audit').selectAll();
  return about === undefined ? all : all.where(isAbout(about.slug, about.id));
}

/** Runs two queries: SQLite would scan the whole table for the first and last id in one. */
async function findEnds(db: Db): Promise<{ readonly first: number; readonly last: number }> {
  const ids = db.selectFrom('audit').select('id').limit(1);
  const first = await ids.orderBy('id').executeTakeFirst();
  const last = await ids.orderBy('id', 'desc').executeTakeFirst();
  return { first: first?.id ?? 1, last: last?.id ?? 0 };
}
