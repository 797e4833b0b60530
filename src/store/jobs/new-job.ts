import type { Db, StoreContext } from '../engine/context.ts';

/** Column values that clear every reason for which a job waits. */
export const notWaiting = { waiting_for: null, waiting_kind: null, waiting_detail: null } as const;

export interface NewJob {
  readonly dispatchId: string;
  readonly repositoryId: number;
  readonly requestedBy: string;
  readonly allowLower: boolean;
  readonly everything: boolean;
  /** Package folders; left out for everything that the dispatch asks for. */
  readonly onlyPaths?: readonly string[];
}

/** Inserts a queued job and returns its number. */
export async function insertJob(context: StoreContext, db: Db, job: NewJob): Promise<number> {
  const { number } = await db
    .insertInto('jobs')
    .values({
      dispatch_id: job.dispatchId,
      repository_id: job.repositoryId,
      status: 'queued',
      requested_by: context.redact(job.requestedBy),
      allow_lower: job.allowLower ? 1 : 0,
      everything: job.everything ? 1 : 0,
      only_paths: job.onlyPaths === undefined ? null : JSON.stringify(job.onlyPaths),
      ...notWaiting,
      parked_since: null,
      failure: null,
      branch: null,
      created_at: context.clock.now(),
      started_at: null,
      finished_at: null,
    })
    .returning('number')
    .executeTakeFirstOrThrow();
  return number;
}
