import { byJob } from '../domain/job/actor.ts';
import type { DriftRow } from '../domain/package/drift.ts';
import { describeJob } from '../domain/schedule/scheduled-jobs.ts';
import type { JobHistory } from '../ports/jobs.ts';
import type { Ask } from '../publisher/operations/core.ts';
import { listDrift } from '../publisher/operations/list-drift.ts';
import { requestPublish } from '../publisher/operations/request-publish.ts';
import type { ScheduledJob } from './scheduled-job.ts';

export interface PublishUnpublishedDeps {
  readonly ask: Ask;
  readonly history: Pick<JobHistory, 'listJobs' | 'listPublishes'>;
}

const actor = byJob('publish-unpublished');
/** The most jobs looked at, more than are alive at a time. */
const jobsLookedAt = 1_000;
const alive: readonly string[] = ['queued', 'running'];
/** Outcomes that somebody was already told of, or asked about. */
const explained: readonly string[] = ['failed', 'held', 'withdrawn', 'excluded'];

/**
 * Builds the job that publishes what `/unpublished` shows and no job explains, one by one by name, so that each is
 * judged.
 */
export function buildPublishUnpublished({ ask, history }: PublishUnpublishedDeps): ScheduledJob {
  return {
    ...describeJob('publish-unpublished'),
    run: async ({ signal }) => {
      const answer = await ask(listDrift, undefined);
      const rows = answer.kind === 'drift' ? answer.rows.filter((row) => row.isPublishable) : [];
      const jobs = await history.listJobs(undefined, jobsLookedAt);
      const busy = new Set(jobs.filter(({ status }) => alive.includes(status)).map((job) => job.repository));
      let queued = 0;
      for (const row of rows) {
        signal.throwIfAborted();
        if (busy.has(row.repository) || (await isExplained(history, row))) continue;
        const target = { kind: 'package', name: row.name } as const;
        const asked = await ask(requestPublish, { target, ref: undefined, allowLower: false, by: actor });
        if (asked.kind === 'queued' && !asked.duplicate) queued += 1;
      }
      return { counts: { unpublished: rows.length, queued } };
    },
  };
}

/** Returns true when the last job that judged this version has told or asked somebody why it did not publish it. */
async function isExplained(
  history: Pick<JobHistory, 'listPublishes'>,
  { name, headVersion }: DriftRow,
): Promise<boolean> {
  const [last] = await history.listPublishes(name, 1);
  return last !== undefined && last.version === headVersion && explained.includes(last.outcome);
}
