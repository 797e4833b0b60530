import { sql } from 'kysely';

/** Of a row of `jobs`: no newer job of its dispatch followed. */
export const isNotFollowed = sql<boolean>`not exists (
  select 1 from jobs as newer where newer.dispatch_id = jobs.dispatch_id and newer.number > jobs.number
)`;
