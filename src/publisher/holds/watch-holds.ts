import { Outage } from '../../domain/failure/failure.ts';
import { NameRefusal } from '../../domain/failure/name-trouble.ts';
import type { AwaitedVersion } from '../../domain/job/report.ts';
import { findCircles, type Hold, pauseBetweenLooks } from '../../domain/package/hold.ts';
import type { Packument } from '../../domain/package/packument.ts';
import { highestOf, isHigher, isPrerelease } from '../../domain/package/version.ts';
import { findVersionProblem } from '../../domain/package/version-problem.ts';
import type { Outbox } from '../../ports/announcements.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AwaitedPackage, Holds } from '../../ports/judgements.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Registry } from '../../ports/registry.ts';
import { buildWorkLoop, type WorkLoop } from '../pacing/work-loop.ts';
import { wordCircle, wordLongWait, wordPassedOver } from './word-waits.ts';

export interface WatchHoldsDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly holds: Pick<Holds, 'list' | 'listAwaited' | 'noteLook' | 'releaseReady'>;
  readonly registry: Pick<Registry, 'findPackument'>;
  readonly outbox: Pick<Outbox, 'add'>;
  /** PARK_HOURS in milliseconds. */
  readonly parkMs: number;
  /** Called when jobs were queued, or something is to be announced. */
  readonly onChange: () => void;
}

const idleMs = 10_000;
/** Names that are looked up in one round; the others come first in the next round. */
const namesAtOnce = 50;
/** A version that was passed over may still be on its way: it is announced when it has not come for this long. */
const passedOverMs = 10 * 60_000;

/** Looks on the registry for what held versions wait for, and announces waits without an end. */
export function watchHolds(deps: WatchHoldsDeps): WorkLoop {
  return buildWorkLoop({
    clock: deps.clock,
    logger: deps.logger,
    trouble: 'what held versions wait for could not be looked for',
    idleMs,
    work: async (signal) => lookForAwaited(deps, signal),
  });
}

/** Does one round; returns true when more names are due. */
export async function lookForAwaited(deps: WatchHoldsDeps, signal: AbortSignal): Promise<boolean> {
  const due = listDue(await deps.holds.listAwaited(), deps.clock.now());
  const names = due.slice(0, namesAtOnce);
  const held = names.length === 0 ? [] : await deps.holds.list({});
  let queued = await deps.holds.releaseReady();
  let isReachable = true;
  for (const awaited of names) {
    const found = await lookForOne(deps, held, awaited, signal);
    // Unknown is not absent, and the registry would answer no better about the next name.
    isReachable = found !== 'unknown';
    if (found === 'unknown') break;
    queued += found;
  }
  await tellEndless(deps, held);
  if (queued > 0) deps.logger.info('held versions go on', { jobs: queued });
  if (queued > 0 || names.length > 0) deps.onChange();
  return isReachable && due.length > names.length;
}

/** Returns how many jobs were queued. A name that fails for a reason of its own comes last in the next look. */
async function lookForOne(
  deps: WatchHoldsDeps,
  held: readonly Hold[],
  { name, versions }: AwaitedPackage,
  signal: AbortSignal,
): Promise<number | 'unknown'> {
  try {
    const packument = await findPackument(deps, name, signal);
    if (packument === 'unknown') return packument;
    const present = versions.filter((version) => packument?.versions.has(version));
    const queued = await deps.holds.noteLook(name, present);
    await tellPassedOver(deps, held, name, packument);
    return queued;
  } catch (error) {
    signal.throwIfAborted();
    deps.logger.error('a name that is waited for could not be looked for', { package: name, error });
    return deps.holds.noteLook(name, []);
  }
}

/** Returns the packages that are due, the one looked up longest ago first. */
function listDue(awaited: readonly AwaitedPackage[], now: number): readonly AwaitedPackage[] {
  const isDue = ({ lookedAt, since }: AwaitedPackage): boolean =>
    lookedAt > now || now - lookedAt >= pauseBetweenLooks(now - since);
  return awaited.filter(isDue).toSorted((a, b) => a.lookedAt - b.lookedAt);
}

async function findPackument(
  { registry }: WatchHoldsDeps,
  name: string,
  signal: AbortSignal,
): Promise<Packument | undefined | 'unknown'> {
  try {
    return await registry.findPackument(name, signal);
  } catch (error) {
    if (error instanceof Outage) return 'unknown';
    // Only this name is refused; the others can still be looked up.
    if (error instanceof NameRefusal) return undefined;
    throw error;
  }
}

async function tellPassedOver(
  { clock, outbox }: WatchHoldsDeps,
  held: readonly Hold[],
  name: string,
  packument: Packument | undefined,
): Promise<void> {
  const highest = highestOf(
    [...(packument?.versions.keys() ?? [])].filter((version) => !isPrerelease(version)),
  );
  if (highest === undefined) return;
  const isPassedOver = (awaited: AwaitedVersion): boolean =>
    awaited.name === name &&
    findVersionProblem(awaited.version) === undefined &&
    isHigher(highest, awaited.version) &&
    !held.some((other) => other.name === name && other.version === awaited.version);
  for (const hold of held.filter(({ since }) => clock.now() - since >= passedOverMs)) {
    for (const awaited of hold.awaits.filter(isPassedOver)) {
      const { key, notice } = wordPassedOver(hold, awaited, highest);
      await outbox.add(notice, key);
    }
  }
}

/** Announces each such wait once. */
async function tellEndless({ clock, outbox, parkMs }: WatchHoldsDeps, held: readonly Hold[]): Promise<void> {
  const waiting = held.filter(({ awaits }) => awaits.length > 0);
  const waitedMs = ({ since }: Hold): number => clock.now() - since;
  const notices = [
    ...findCircles(held).map(wordCircle),
    ...waiting.filter((hold) => waitedMs(hold) >= parkMs).map((hold) => wordLongWait(hold, waitedMs(hold))),
  ];
  for (const { key, notice } of notices) await outbox.add(notice, key);
}
