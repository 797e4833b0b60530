import { sortNews } from '../../domain/announcement/told.ts';
import type { ToldNews } from '../../ports/announcements.ts';
import type { OpenWork } from '../../ports/jobs.ts';

export interface RemindDeps {
  readonly work: Pick<OpenWork, 'listFailures'>;
  readonly told: ToldNews;
}

const hourMs = 3_600_000;
/** Age at which a failure gets its reminder: before that, whoever pushed may still be working on it. */
const youngestMs = 3 * hourMs;
const oldestMs = 7 * 24 * hourMs;
/** Most reminders that are separate messages; more at once become one message. */
const repliesMax = 3;

/** Reminds once of each failure that is still open; returns how many. */
export async function remindOfFailures(deps: RemindDeps, at: number): Promise<number> {
  const failures = await deps.work.listFailures(at - oldestMs);
  const open = failures
    .filter(({ finishedAt, isDismissed }) => !isDismissed && at - finishedAt >= youngestMs)
    .map((failure) => ({ failure, key: `#${failure.job}`, print: failure.dispatchId }));
  const { fresh } = sortNews(open, await deps.told.list('reminders'));
  const groups =
    fresh.length > repliesMax
      ? [{ failures: fresh.map(({ failure }) => failure), key: `reminders-${at}` }]
      : fresh.map(({ failure }) => ({ failures: [failure], key: `reminder-${failure.job}` }));
  const announcements = groups.map(({ failures: items, key }) => ({
    announcement: { kind: 'reminder' as const, failures: items, at },
    key,
  }));
  await deps.told.tell('reminders', announcements, open);
  return fresh.length;
}
