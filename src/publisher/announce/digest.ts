import type { DailyCheck } from '../../domain/announcement/daily-check.ts';
import {
  type CheckedPart,
  type Digest,
  type ExpiringCredential,
  hasNews,
  type NextRun,
  type ParkedLine,
} from '../../domain/announcement/digest.ts';
import { sortNews, type Tellable } from '../../domain/announcement/told.ts';
import { topicOf } from '../../domain/job/anomaly.ts';
import type { ToldNews } from '../../ports/announcements.ts';
import type { ChangelogEntries } from '../../ports/changelogs.ts';
import type { JobKeeper, OpenWork, Statistics } from '../../ports/jobs.ts';
import type { CheckMemory } from '../../ports/memory.ts';

export interface DigestDeps {
  readonly work: Pick<OpenWork, 'listFailures' | 'listPublished' | 'summarize'>;
  readonly keeper: Pick<JobKeeper, 'listParked'>;
  readonly checks: Pick<CheckMemory, 'findLast'>;
  readonly statistics: Statistics;
  readonly changelogs: Pick<ChangelogEntries, 'countFallbacks'>;
  readonly told: ToldNews;
  /** Lists credentials that expire soon; none while nothing is known. */
  readonly listExpiring?: () => Promise<readonly ExpiringCredential[]>;
  /** Lists what the scheduler starts next, soonest first. */
  readonly listNextRuns?: () => Promise<readonly NextRun[]>;
}

const dayMs = 24 * 3_600_000;
/** How far a digest looks back at most, after a long standstill. */
const longestMs = 7 * dayMs;
const failuresMs = 90 * dayMs;
const chartDays = 30;
/** Key under which the end of the last digest is remembered among what was announced. */
const untilKey = 'until';

/**
 * Composes the digest of the day until `to` (epoch milliseconds), and adds it to the outbox when it holds news. It
 * follows on the last digest without a gap, also when some were silent or missed. Undefined when there is nothing to
 * say.
 */
export async function tellDigest(deps: DigestDeps, to: number): Promise<Digest | undefined> {
  const told = await deps.told.list('digest');
  const last = Number(told.get(untilKey) ?? to - dayMs);
  const from = Math.max(last, to - longestMs);
  if (from >= to) return undefined;
  const checked = sortAnomalies(await deps.checks.findLast(), told);
  const expiring = sortExpiring(await (deps.listExpiring?.() ?? []), told);
  const digest: Digest = {
    ...(await gather(deps, from, to)),
    check: checked.part,
    expiring: expiring.fresh,
  };
  const items = [{ key: untilKey, print: String(to) }, ...checked.items, ...expiring.items];
  const isWorthIt = hasNews(digest);
  const announcement = { kind: 'digest', digest } as const;
  await deps.told.tell('digest', isWorthIt ? [{ announcement, key: `digest-${to}` }] : [], items);
  return isWorthIt ? digest : undefined;
}

const neighbourNames = { registry: 'the registry', 'git-host': 'the git host', disk: 'the disk' } as const;

async function gather(
  deps: DigestDeps,
  from: number,
  to: number,
): Promise<Omit<Digest, 'check' | 'expiring'>> {
  const failures = (await deps.work.listFailures(to - failuresMs)).filter(
    ({ finishedAt, isDismissed }) => !isDismissed && finishedAt < to,
  );
  const parked = (await deps.keeper.listParked()).map(
    ({ number, slug, neighbour, since }): ParkedLine => ({
      job: number,
      repository: slug,
      waitingFor: neighbourNames[neighbour],
      since,
    }),
  );
  return {
    from,
    to,
    jobs: await deps.work.summarize(from, to),
    published: await deps.work.listPublished(from, to),
    failures: failures.filter(({ finishedAt }) => finishedAt >= from),
    olderFailures: failures.filter(({ finishedAt }) => finishedAt < from).length,
    parked,
    wordedByRule: await deps.changelogs.countFallbacks(from, to),
    nextRuns: await (deps.listNextRuns?.() ?? []),
    days: await deps.statistics.listDays(dayOf(to - (chartDays - 1) * dayMs), dayOf(to)),
  };
}

function dayOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

function sortAnomalies(
  check: DailyCheck | undefined,
  told: ReadonlyMap<string, string>,
): { readonly part: CheckedPart | undefined; readonly items: readonly Tellable[] } {
  if (check === undefined) return { part: undefined, items: [] };
  const items = check.anomalies.map((anomaly) => ({
    anomaly,
    key: `anomaly ${topicOf(anomaly)}`,
    print: JSON.stringify(anomaly),
  }));
  const { fresh, open } = sortNews(items, told);
  return {
    part: { ...check, anomalies: fresh.map(({ anomaly }) => anomaly), olderAnomalies: open.length },
    items,
  };
}

function sortExpiring(
  expiring: readonly ExpiringCredential[],
  told: ReadonlyMap<string, string>,
): { readonly fresh: readonly ExpiringCredential[]; readonly items: readonly Tellable[] } {
  const items = expiring.map((credential) => ({
    credential,
    key: `expires ${credential.what}`,
    print: String(credential.expiresAt),
  }));
  return { fresh: sortNews(items, told).fresh.map(({ credential }) => credential), items };
}
