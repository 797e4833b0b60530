import type { Announcement } from '../../../domain/announcement/announcement.ts';
import { outageKey, outageOverKey } from '../../../domain/announcement/announcement-keys.ts';
import type { Neighbour } from '../../../domain/failure/failure.ts';
import type { Slug } from '../../../domain/repository/repository.ts';
import type { Outbox, Thread } from '../../../ports/announcements.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { JobKeeper, ParkedJob } from '../../../ports/jobs.ts';

export interface OutageState {
  readonly neighbour: Neighbour;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly detail: string;
  readonly kind: 'down' | 'credentials';
}

/** An outage that is followed. */
export interface Watch {
  state: OutageState;
  /** By the monotonic clock, as `since`: what is told is never shorter than nothing. */
  readonly beganAt: number;
  /** Epoch milliseconds when this piece of it was met; 0 when this process has met no other. */
  readonly metAt: number;
  /** It was over before, by a good probe, and was met again. */
  isRepeated: boolean;
  /** Of a repository to ask for. */
  readonly slug: Slug | undefined;
  delayMs: number;
  /** What the neighbour was shown last. */
  credentials: string;
  /** Jobs that waited when the banner was last changed; undefined without one, `alerted` past the outbox. */
  announcedWaiting: number | 'alerted' | undefined;
  /** That the database did not take what was to be written was said. */
  hasComplained: boolean;
}

export interface BannerDeps {
  readonly clock: Clock;
  readonly keeper: Pick<JobKeeper, 'listParked'>;
  readonly outbox: Pick<Outbox, 'add'>;
  readonly thread: Pick<Thread, 'alert'>;
}

/** Waiting this long is worth a banner, in one piece or in several; a shorter one nobody needs to read about. */
const bannerAfterMs = 20_000;

/** In milliseconds, since it was met for the first time. */
export function lengthOf({ clock }: Pick<BannerDeps, 'clock'>, { beganAt }: Watch): number {
  return Math.round(clock.monotonic() - beganAt);
}

/** Keeps the banner of an outage that goes on up to date, once it is long enough for one. */
export async function announceOutage(deps: BannerDeps, watch: Watch): Promise<void> {
  if (lengthOf(deps, watch) < bannerAfterMs) return;
  await announce(deps, watch, await listWaiting(deps, watch));
}

/**
 * Before an outage ends by a good probe: tells of one that the probe does not see, so that its pieces are short and there
 * is no end of them. True when jobs wait for it a second time.
 */
export async function announceRepeated(deps: BannerDeps, watch: Watch): Promise<boolean> {
  const waiting = await listWaiting(deps, watch);
  const since = Math.min(watch.state.since, ...waiting.map((job) => job.since));
  if (since < watch.metAt) watch.isRepeated = true;
  if (!watch.isRepeated || waiting.length === 0) return false;
  watch.state = { ...watch.state, since };
  if (deps.clock.now() - since >= bannerAfterMs) await announce(deps, watch, waiting);
  return true;
}

async function listWaiting({ keeper }: BannerDeps, { state }: Watch): Promise<readonly ParkedJob[]> {
  return (await keeper.listParked()).filter((job) => job.neighbour === state.neighbour);
}

async function announce(
  { clock, outbox }: BannerDeps,
  watch: Watch,
  { length: waiting }: readonly ParkedJob[],
): Promise<void> {
  const { neighbour, since, detail } = watch.state;
  if (watch.announcedWaiting === waiting || watch.announcedWaiting === 'alerted') return;
  const banner: Announcement = { kind: 'outage', neighbour, since, detail, waiting };
  // The same number may come again later in an outage.
  await outbox.add(banner, outageKey(neighbour, since, clock.now()));
  watch.announcedWaiting = waiting;
}

/** A disk that takes nothing takes no announcement either, and nobody would hear of it until it is mended. */
export async function alertOutage(deps: BannerDeps, watch: Watch): Promise<void> {
  const { neighbour, since, detail } = watch.state;
  const isAnnounced = watch.announcedWaiting !== undefined;
  if (isAnnounced || neighbour !== 'disk' || lengthOf(deps, watch) < bannerAfterMs) return;
  await deps.thread.alert({ kind: 'outage', neighbour, since, detail, waiting: undefined }).then(
    () => {
      watch.announcedWaiting = 'alerted';
    },
    () => undefined,
  );
}

/** `since` and `until` in epoch milliseconds. */
export async function announceOver(
  { outbox }: Pick<BannerDeps, 'outbox'>,
  neighbour: Neighbour,
  since: number,
  until: number,
): Promise<void> {
  const over: Announcement = { kind: 'outage-over', neighbour, since, until };
  await outbox.add(over, outageOverKey(neighbour, since, until));
}
