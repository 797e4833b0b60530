import type { Clock } from '../../../ports/clock.ts';
import type { OpenWork } from '../../../ports/jobs.ts';
import type { BotMemory } from '../../../ports/memory.ts';
import type { Heartbeat } from '../../../ports/system.ts';
import { findStuck } from './stuck-jobs.ts';

export interface BeatDeps {
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly heartbeat: Heartbeat;
  /** Written to, which proves that the database takes it. */
  readonly memory: Pick<BotMemory, 'remember'>;
  readonly work: Pick<OpenWork, 'listLive'>;
  /** By the monotonic clock, the last look of the worker into the queue; undefined before the first. */
  readonly workerLookedAt: () => number | undefined;
  /** JOB_DEADLINE_SECONDS, in milliseconds. */
  readonly deadlineMs: number;
}

/** An idle worker looks every half minute. */
const silenceMaxMs = 2 * 60_000;

/** Tells the watcher that all is well, if it is; else why it was not told. Throws what the heartbeat throws. */
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
