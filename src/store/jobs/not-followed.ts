import { sql } from 'kysely';

/** True for a row of `jobs` whose dispatch has no newer job. */
export const isNotFollowed = sql<boolean>`not exists (
  select 1 from jobs as newer where newer.dispatch_id = jobs.dispatch_id and newer.number > jobs.number
)`;
