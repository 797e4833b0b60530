import type { Clock } from '../../../ports/clock.ts';
import type { OpenWork } from '../../../ports/jobs.ts';
import type { BotMemory } from '../../../ports/memory.ts';
import type { Heartbeat } from '../../../ports/system.ts';
import { findStuck } from './stuck-jobs.ts';

export interface BeatDeps {
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly heartbeat: Heartbeat;
  /** Written to, which proves that the database accepts writes. */
  readonly memory: Pick<BotMemory, 'remember'>;
  readonly work: Pick<OpenWork, 'listLive'>;
  /**
   * Returns the time of the worker's last look into the queue, by the monotonic clock; undefined before the first
   * look.
   */
  readonly workerLookedAt: () => number | undefined;
  /** Running time that one attempt may take, in milliseconds, from JOB_DEADLINE_SECONDS. */
  readonly deadlineMs: number;
}

/** How long the worker may be silent; even an idle worker looks into the queue every half minute. */
const silenceMaxMs = 2 * 60_000;

/**
 * Sends a heartbeat to the watcher if all is well, else returns why it was not sent. Throws what the heartbeat
 * throws.
 */
export async function beatIfWell(deps: BeatDeps, signal: AbortSignal): Promise<string | undefined> {
  const trouble = await findTrouble(deps);
  if (trouble !== undefined) return trouble;
  await deps.heartbeat.beat(signal);
  return undefined;
}

async function findTrouble(deps: BeatDeps): Promise<string | undefined> {
  const now = deps.clock.now();
  try {
    await deps.memory.remember('heartbeat', String(now));
  } catch {
    return 'the database cannot be written';
  }
  const lookedAt = deps.workerLookedAt();
  if (lookedAt === undefined || deps.clock.monotonic() - lookedAt > silenceMaxMs)
    return 'the worker does not look for jobs';
  const [stuck] = findStuck(await deps.work.listLive(), { now, deadlineMs: deps.deadlineMs });
  return stuck === undefined ? undefined : `job #${stuck.job} is stuck`;
}
