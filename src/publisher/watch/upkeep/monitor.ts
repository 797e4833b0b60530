import { sortNews } from '../../../domain/announcement/told.ts';
import { Outage } from '../../../domain/failure/failure.ts';
import { printOf, type Trouble } from '../../../domain/failure/trouble.ts';
import type { ToldNews } from '../../../ports/announcements.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { OpenWork } from '../../../ports/jobs.ts';
import { findStuck } from './stuck-jobs.ts';

export interface MonitorDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly work: Pick<
    OpenWork,
    'findUnsent' | 'listFailingDispatchers' | 'listFailures' | 'listLive' | 'summarize'
  >;
  readonly told: ToldNews;
  /** Asks again for webhooks that never arrived; returns their ids. Throws Outage('git-host'). */
  readonly sweepDeliveries: (signal: AbortSignal) => Promise<readonly string[]>;
  /** Running time that one attempt may take, in milliseconds, from JOB_DEADLINE_SECONDS. */
  readonly deadlineMs: number;
}

export interface Monitored {
  /** Jobs that ended within a day, and how many of them failed. */
  readonly ended: number;
  readonly failed: number;
  readonly slowestMs: number | undefined;
  readonly stuck: number;
  /** Webhooks that were requested again. */
  readonly redelivered: number;
  /** Everything that is wrong now, announced before or not. */
  readonly troubles: readonly Trouble[];
  /** How many of the troubles are announced now. */
  readonly news: number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** With fewer ended jobs than this, a single bad package would look like a bad day. */
const jobsThatCount = 5;
const failedShareMax = 0.2;
/** A dispatcher may fail less often than this without a report: once may be somebody's mistake. */
const dispatcherRunsMax = 3;
/** Up to this many webhooks may get lost now and then; they are asked for again. */
const lostDeliveriesMax = 5;

/**
 * Asks again for lost webhooks, looks for what keeps the service from its work, and announces what is new in one
 * message. Silent when all is well.
 */
export async function monitor(deps: MonitorDeps, signal: AbortSignal): Promise<Monitored> {
  const now = deps.clock.now();
  const summary = await deps.work.summarize(now - dayMs, now);
  const stuck = findStuck(await deps.work.listLive(), { now, deadlineMs: deps.deadlineMs });
  const sweep = await sweepOrExplain(deps, signal);
  const unsent = await deps.work.findUnsent(now - hourMs);
  const dispatchers = await deps.work.listFailingDispatchers(now - dayMs);
  const { ended, failed, slowest } = summary;
  const isFailing = ended >= jobsThatCount && failed / ended > failedShareMax;
  const isSlow = slowest !== undefined && slowest.durationMs > 3 * deps.deadlineMs;
  const troubles: readonly Trouble[] = [
    ...(isFailing ? [{ kind: 'many-failures' as const, failed, ended }] : []),
    ...(isSlow ? [{ kind: 'slow' as const, ...slowest }] : []),
    ...stuck,
    ...[...dispatchers]
      .filter(([, runs]) => runs >= dispatcherRunsMax)
      .map(([repository, runs]) => ({ kind: 'dispatcher-failing' as const, repository, runs })),
    ...sweep.troubles,
    ...(unsent.since === undefined
      ? []
      : [
          { kind: 'messages-wait' as const, count: unsent.count, since: unsent.since, detail: unsent.detail },
        ]),
  ];
  const news = await tellNews(deps, troubles, now);
  const slowestMs = slowest?.durationMs;
  return { ended, failed, slowestMs, stuck: stuck.length, redelivered: sweep.count, troubles, news };
}

async function sweepOrExplain(
  { sweepDeliveries }: MonitorDeps,
  signal: AbortSignal,
): Promise<{ readonly count: number; readonly troubles: readonly Trouble[] }> {
  try {
    const { length: count } = await sweepDeliveries(signal);
    return { count, troubles: count > lostDeliveriesMax ? [{ kind: 'deliveries-lost', count }] : [] };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Outage)) throw error;
    return { count: 0, troubles: [{ kind: 'deliveries-unknown', detail: error.detail }] };
  }
}

async function tellNews({ told }: MonitorDeps, troubles: readonly Trouble[], at: number): Promise<number> {
  const items = troubles.map((trouble) => ({ trouble, ...printOf(trouble) }));
  const { fresh, open } = sortNews(items, await told.list('monitor'));
  const notice = {
    kind: 'monitor' as const,
    troubles: fresh.map(({ trouble }) => trouble),
    stillOpen: open.length,
    at,
  };
  const announcements = fresh.length === 0 ? [] : [{ announcement: notice, key: `monitor-${at}` }];
  await told.tell('monitor', announcements, items);
  return fresh.length;
}
