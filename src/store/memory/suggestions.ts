import { sql } from 'kysely';
import { labelJob } from '../../domain/job/job-line.ts';
import type { JobStatus } from '../../domain/job/report.ts';
import { compareVersions } from '../../domain/package/version.ts';
import { foldTyped, mostChoices, pickChoices } from '../../domain/text/choices.ts';
import type { Suggestions } from '../../ports/memory.ts';
import { fromJson, type StoreContext } from '../engine/context.ts';

const jobsSearched = 500;
const refsSearched = 200;

type Ask<T> = () => Promise<readonly T[]>;

/** Returns an empty list when the question fails: without suggestions, a person can still type. */
async function orNothing<T>(ask: Ask<T>): Promise<readonly T[]> {
  return ask().catch(() => []);
}

export function buildSuggestions(context: StoreContext): Suggestions {
  return {
    suggestPackages: async (typed) => orNothing(async () => suggestPackages(context, typed)),
    suggestRepositories: async (typed) => orNothing(async () => suggestRepositories(context, typed)),
    suggestVersions: async (name, typed) =>
      orNothing(async () => pickChoices(await listVersions(context, name), typed, (version) => version)),
    suggestRefs: async (of, typed) =>
      orNothing(async () => pickChoices(await listRefs(context, of), typed, (ref) => ref)),
    suggestJobs: async (typed) =>
      orNothing(async () =>
        pickChoices(await listJobs(context), typed.replace(/^#/, ''), ({ label }) => label),
      ),
  };
}

async function suggestPackages({ db }: StoreContext, typed: string): Promise<readonly string[]> {
  const text = foldTyped(typed);
  const { rows } = await sql<{ readonly name: string }>`
    select distinct head.name from head_packages head
    join repositories repo on repo.id = head.repository_id
    where head.exclusion is null and repo.status = 'active' and instr(lower(head.name), ${text}) > 0
    order by instr(lower(head.name), ${text}) <> 1, head.name
    limit ${mostChoices}`.execute(db);
  return rows.map((row) => row.name);
}

async function suggestRepositories({ db }: StoreContext, typed: string): Promise<readonly string[]> {
  const text = foldTyped(typed);
  const { rows } = await sql<{ readonly slug: string }>`
    select slug from repositories
    where removed_at is null and instr(lower(slug), ${text}) > 0
    order by instr(lower(slug), ${text}) <> 1, slug
    limit ${mostChoices}`.execute(db);
  return rows.map((row) => row.slug);
}

/** Lists the versions that the registry last showed for a name, newest first. */
async function listVersions({ db, registry }: StoreContext, name: string): Promise<readonly string[]> {
  const row = await db
    .selectFrom('registry_names')
    .select('versions')
    .where('registry', '=', registry)
    .where('name', '=', name)
    .executeTakeFirst();
  if (row === undefined) return [];
  return fromJson<readonly string[]>(row.versions).toSorted((a, b) => compareVersions(b, a));
}

/** Lists branches first, then commits, each newest first. */
async function listRefs(
  { db, registry }: StoreContext,
  of: Parameters<Suggestions['suggestRefs']>[0],
): Promise<readonly string[]> {
  if (of === undefined) return [];
  const repositories =
    of.kind === 'repository'
      ? sql`select id from repositories where slug = ${of.slug} and removed_at is null`
      : sql`select repository_id from name_owners where registry = ${registry} and name = ${of.name}
          union select repository_id from head_packages where name = ${of.name} and exclusion is null`;
  const { rows } = await sql<{ readonly branch: string | null; readonly commit_sha: string }>`
    select branch, commit_sha from (
      select branch, commit_sha, checked_at as at from repository_heads
        where commit_sha is not null and repository_id in (${repositories})
      union all
      select branch, commit_sha, judged_at from judged_commits where repository_id in (${repositories}))
    order by at desc limit ${refsSearched}`.execute(db);
  const branches = rows.map((row) => row.branch ?? '').filter((branch) => branch !== '');
  return [...new Set([...branches, ...rows.map((row) => row.commit_sha)])];
}

async function listJobs({
  db,
}: StoreContext): Promise<readonly { readonly job: number; readonly label: string }[]> {
  const rows = await db
    .selectFrom('jobs')
    .innerJoin('repositories', 'repositories.id', 'jobs.repository_id')
    .select(['jobs.number', 'jobs.status', 'slug'])
    .orderBy('jobs.number', 'desc')
    .limit(jobsSearched)
    .execute();
  return rows.map((row) => ({
    job: row.number,
    label: labelJob({ job: row.number, repository: row.slug, status: row.status as JobStatus }),
  }));
}
