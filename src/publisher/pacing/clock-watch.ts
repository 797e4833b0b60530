import type { SteadyClock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { StoredTimes } from '../../ports/memory.ts';
import { buildWorkLoop } from './work-loop.ts';

export interface ClockWatchDeps {
  readonly clock: SteadyClock;
  readonly logger: Logger;
  readonly times: StoredTimes;
  /** Called after a step of the clock: something may be due sooner or later than a sleeper believes. */
  readonly onStep: () => void;
}

export interface ClockWatch {
  /** Compares the clock with what an earlier process saw; called before anything is due. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const lookMs = 1_000;
/** Clocks differ by less than this anyway. */
const smallestStepMs = 1_000;
const rememberMs = 60_000;
/** Longest absence of the process that counts as patience with a neighbour: during a longer one nobody was asked. */
const awayMs = 10 * 60_000;

/**
 * Follows the host's clock when it is set: moves every stored due time along in one transaction, so that nothing
 * happens early, late or twice because of the step.
 */
export function watchClock(deps: ClockWatchDeps): ClockWatch {
  const { clock, logger, times } = deps;
  let rememberedAt = Number.NEGATIVE_INFINITY;

  async function look(): Promise<void> {
    const stepMs = clock.step();
    if (Math.abs(stepMs) >= smallestStepMs) {
      await follow(deps, stepMs);
      return remember();
    }
    // A smaller step decides nothing, but work that is scheduled by the host's clock then finds the same minute here.
    clock.follow(stepMs);
    if (clock.monotonic() - rememberedAt >= rememberMs) await remember();
  }

  async function remember(): Promise<void> {
    const bounded = await times.bound();
    if (bounded > 0) logger.warn('due times that no rule explains were taken back', { bounded });
    await times.remember(clock.now());
    rememberedAt = clock.monotonic();
  }

  const loop = buildWorkLoop({
    clock,
    logger,
    idleMs: lookMs,
    trouble: 'the clock could not be followed',
    work: async () => {
      await look();
      return false;
    },
  });
  return {
    start: async () => {
      await catchUp(deps);
      await remember();
      loop.start();
    },
    stop: async () => loop.stop(),
  };
}

/**
 * Handles a clock that was set while no process ran. A step forward cannot be distinguished from the time that nobody
 * ran.
 */
async function catchUp({ clock, logger, times }: ClockWatchDeps): Promise<void> {
  const last = await times.findLast();
  if (last === undefined) return;
  const gapMs = clock.now() - last;
  if (gapMs <= -smallestStepMs) {
    await times.shift(gapMs, () => undefined);
    logger.warn('the clock was set back while no process ran', { bySeconds: toSeconds(gapMs) });
  }
  if (gapMs > awayMs) await times.excuse(gapMs);
}

async function follow({ clock, logger, onStep, times }: ClockWatchDeps, stepMs: number): Promise<void> {
  let isFollowed = false;
  try {
    await times.shift(stepMs, () => {
      clock.follow(stepMs);
      isFollowed = true;
    });
  } catch (error) {
    // The stored times did not move, so the clock must not move either.
    if (isFollowed) clock.follow(-stepMs);
    throw error;
  }
  logger.warn('the clock of this machine was set', { bySeconds: toSeconds(stepMs) });
  onStep();
}

function toSeconds(ms: number): number {
  return Math.round(ms / 1000);
}
