import { type RawBuilder, sql } from 'kysely';
import type { CatalogRegistryState, CatalogRow, Lookup } from '../../domain/package/catalog.ts';
import type { PublishMode, RepositoryId, Slug } from '../../domain/repository/repository.ts';
import type { CatalogFilter } from '../../ports/catalog.ts';
import { fromJson, type StoreContext } from '../engine/context.ts';

interface Row {
  readonly repository_id: number;
  readonly slug: string;
  readonly mode: string;
  readonly scopes: string;
  readonly path: string;
  readonly name: string;
  readonly version: string | null;
  readonly exclusion: string | null;
  readonly state: string | null;
  readonly latest: string | null;
  readonly highest: string | null;
  readonly highest_stable: string | null;
  readonly has_head: number;
  readonly repository_url: string | null;
  readonly checked_at: number | null;
  readonly last_error: string | null;
  readonly owner_id: number | null;
  readonly owner_slug: string | null;
  /** Other repositories with this name at a head: `id slug`, comma separated; null when there are none. */
  readonly others: string | null;
  readonly published_by_us: number;
}

/** Lists all packages at heads, with everything that is known of their names, in one statement. */
export async function listRows(context: StoreContext, filter: CatalogFilter): Promise<readonly CatalogRow[]> {
  const { registry } = context;
  // `versions` is JSON text: `has_head` searches it for the version as JSON quotes it.
  const result = await sql<Row>`
    select head.repository_id, repo.slug, repo.mode, repo.scopes, head.path, head.name, head.version, head.exclusion,
      known.state, known.latest, known.highest, known.highest_stable, known.repository_url, known.checked_at,
      known.last_error,
      coalesce(instr(known.versions, json_quote(head.version)) > 0, 0) as has_head,
      owned.repository_id as owner_id, owner.slug as owner_slug,
      (select group_concat(distinct other.repository_id || ' ' || holder.slug)
        from head_packages other join repositories holder on holder.id = other.repository_id
        where other.name = head.name and other.exclusion is null and holder.status = 'active'
          and other.repository_id <> head.repository_id) as others,
      exists (select 1 from intents
        where intents.registry = ${registry} and intents.name = head.name and intents.version = head.version
          and intents.state = 'stored') as published_by_us
    from head_packages head
    join repositories repo on repo.id = head.repository_id
    left join registry_names known on known.registry = ${registry} and known.name = head.name
    left join name_owners owned on owned.registry = ${registry} and owned.name = head.name
    left join repositories owner on owner.id = owned.repository_id
    where ${condition(filter)}
    order by head.name, head.repository_id, head.path`.execute(context.db);
  const scopes = new Map<string, readonly string[]>();
  return result.rows.map((row) => toCatalogRow(row, scopes));
}

function condition({ repositoryId, name }: CatalogFilter): RawBuilder<unknown> {
  const ofRepository =
    repositoryId === undefined ? sql`repo.status = 'active'` : sql`repo.id = ${repositoryId}`;
  return name === undefined ? ofRepository : sql`${ofRepository} and head.name = ${name}`;
}

/** Converts a row. `scopes` caches parsed scope lists, because thousands of rows belong to one repository. */
function toCatalogRow(row: Row, scopes: Map<string, readonly string[]>): CatalogRow {
  const parsed = scopes.get(row.scopes) ?? fromJson<readonly string[]>(row.scopes);
  scopes.set(row.scopes, parsed);
  const here = { repositoryId: row.repository_id as RepositoryId, slug: row.slug as Slug };
  const others = row.others === null ? [] : row.others.split(',').map(toHolder);
  return {
    ...here,
    mode: row.mode as PublishMode,
    scopes: parsed,
    path: row.path,
    name: row.name,
    version: row.version ?? undefined,
    exclusion: row.exclusion ?? undefined,
    registry: row.state === null ? undefined : toRegistryState(row),
    owner:
      row.owner_id === null
        ? undefined
        : { repositoryId: row.owner_id as RepositoryId, slug: (row.owner_slug ?? '') as Slug },
    holders: [here, ...others].toSorted((a, b) => a.repositoryId - b.repositoryId),
    publishedByUs: row.published_by_us === 1,
  };
}

function toHolder(text: string): CatalogRow['holders'][number] {
  const [id = '', slug = ''] = text.split(' ');
  return { repositoryId: Number(id) as RepositoryId, slug: slug as Slug };
}

function toRegistryState(row: Row): CatalogRegistryState {
  return {
    state: row.state as Lookup['state'],
    latest: row.latest ?? undefined,
    highest: row.highest ?? undefined,
    highestStable: row.highest_stable ?? undefined,
    hasHead: row.has_head === 1,
    repositoryUrl: row.repository_url ?? undefined,
    checkedAt: row.checked_at ?? undefined,
    lastError: row.last_error ?? undefined,
  };
}
