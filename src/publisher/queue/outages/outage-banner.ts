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

/** An outage that is being watched. */
export interface Watch {
  state: OutageState;
  /** Start of the outage by the monotonic clock, so that an announced duration is never negative. */
  readonly beganAt: number;
  /** When this piece of the outage was met, in epoch milliseconds; 0 when this process has met no other. */
  readonly metAt: number;
  /** A good probe ended the outage before, and it was met again. */
  isRepeated: boolean;
  /** A repository to ask the git host for. */
  readonly slug: Slug | undefined;
  delayMs: number;
  /** Identifies the credentials that the neighbour was shown last. */
  credentials: string;
  /**
   * Jobs that waited when the banner was last changed; undefined without a banner, `cried` when it was posted past
   * the outbox.
   */
  announcedWaiting: number | 'cried' | undefined;
  /** Whether it was logged that the database rejects what is to be written. */
  hasComplained: boolean;
}

export interface BannerDeps {
  readonly clock: Clock;
  readonly keeper: Pick<JobKeeper, 'listParked'>;
  readonly outbox: Pick<Outbox, 'add'>;
  readonly thread: Pick<Thread, 'cry'>;
}

/** A wait of this length is worth a banner, in one piece or in several; nobody needs to read about a shorter one. */
const bannerAfterMs = 20_000;

/** Returns how long ago the outage was met for the first time, in milliseconds. */
export function lengthOf({ clock }: Pick<BannerDeps, 'clock'>, { beganAt }: Watch): number {
  return Math.round(clock.monotonic() - beganAt);
}

/** Keeps the banner of a continuing outage up to date, once the outage is long enough for one. */
export async function announceOutage(deps: BannerDeps, watch: Watch): Promise<void> {
  if (lengthOf(deps, watch) < bannerAfterMs) return;
  await announce(deps, watch, await listWaiting(deps, watch));
}

/**
 * Called before a good probe ends an outage. Announces an outage that the probe does not see: its pieces are short, but
 * there is no end of them. Returns true when jobs wait for it a second time.
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
  if (watch.announcedWaiting === waiting || watch.announcedWaiting === 'cried') return;
  const banner: Announcement = { kind: 'outage', neighbour, since, detail, waiting };
  // The key holds the time, because the same number may come again later in an outage.
  await outbox.add(banner, outageKey(neighbour, since, clock.now()));
  watch.announcedWaiting = waiting;
}

/**
 * Posts about a disk outage past the outbox: a disk that accepts no writes accepts no announcement either, and nobody
 * would hear of the outage until it is over.
 */
export async function cryOutage(deps: BannerDeps, watch: Watch): Promise<void> {
  const { neighbour, since, detail } = watch.state;
  const isTold = watch.announcedWaiting !== undefined;
  if (isTold || neighbour !== 'disk' || lengthOf(deps, watch) < bannerAfterMs) return;
  await deps.thread.cry({ kind: 'outage', neighbour, since, detail, waiting: undefined }).then(
    () => {
      watch.announcedWaiting = 'cried';
    },
    () => undefined,
  );
}

/** Announces the end of an outage; `since` and `until` are epoch milliseconds. */
export async function tellOver(
  { outbox }: Pick<BannerDeps, 'outbox'>,
  neighbour: Neighbour,
  since: number,
  until: number,
): Promise<void> {
  const over: Announcement = { kind: 'outage-over', neighbour, since, until };
  await outbox.add(over, outageOverKey(neighbour, since, until));
}
