import type { Clock } from '../../../ports/clock.ts';
import type { Logger } from '../../../ports/logger.ts';
import { HeartbeatRefused } from '../../../ports/system.ts';
import { buildWorkLoop, type WorkLoop } from '../../pacing/work-loop.ts';
import { type BeatDeps, beatIfWell } from './beat.ts';

export interface HeartbeatLoopDeps extends BeatDeps {
  readonly clock: Clock;
  readonly logger: Logger;
}

const pauseMs = 5 * 60_000;

/**
 * Builds the loop that beats every five minutes while all is well. It runs beside the scheduled jobs, because a job
 * that hangs must not stop it.
 */
export function buildHeartbeatLoop(deps: HeartbeatLoopDeps): WorkLoop {
  const { clock, logger } = deps;
  let known: string | undefined;

  /** Writes a line to the log when the trouble begins or ends, not every five minutes. */
  function learn(why: string | undefined): void {
    if (why !== undefined && why !== known) logger.warn('no heartbeat', { why });
    if (why === undefined && known !== undefined) logger.info('the heartbeat is back', {});
    known = why;
  }

  async function beat(signal: AbortSignal): Promise<string | undefined> {
    try {
      return await beatIfWell(deps, signal);
    } catch (error) {
      if (error instanceof HeartbeatRefused) return error.message;
      throw error;
    }
  }

  return buildWorkLoop({
    clock,
    logger,
    idleMs: pauseMs,
    trouble: 'the heartbeat failed',
    work: async (signal) => {
      learn(await beat(signal));
      return false;
    },
  });
}
