import { sortNews } from '../../domain/announcement/sort-news.ts';
import type { AnnouncedNews } from '../../ports/announcements.ts';
import type { OpenWork } from '../../ports/jobs.ts';

export interface RemindDeps {
  readonly work: Pick<OpenWork, 'listFailures'>;
  readonly announced: AnnouncedNews;
}

const hourMs = 3_600_000;
/** Whoever pushed may still be at it. */
const youngestMs = 3 * hourMs;
const oldestMs = 7 * 24 * hourMs;
/** More than that at once are one message. */
const repliesMax = 3;

/** Reminds of each failure that is still open once; how many. */
export async function remindOfFailures(deps: RemindDeps, at: number): Promise<number> {
  const failures = await deps.work.listFailures(at - oldestMs);
  const open = failures
    .filter(({ finishedAt, isDismissed }) => !isDismissed && at - finishedAt >= youngestMs)
    .map((failure) => ({ failure, key: `#${failure.job}`, print: failure.dispatchId }));
  const { fresh } = sortNews(open, await deps.announced.list('reminders'));
  const groups =
    fresh.length > repliesMax
      ? [{ failures: fresh.map(({ failure }) => failure), key: `reminders-${at}` }]
      : fresh.map(({ failure }) => ({ failures: [failure], key: `reminder-${failure.job}` }));
  const announcements = groups.map(({ failures: items, key }) => ({
    announcement: { kind: 'reminder' as const, failures: items, at },
    key,
  }));
  await deps.announced.announce('reminders', announcements, open);
  return fresh.length;
}
