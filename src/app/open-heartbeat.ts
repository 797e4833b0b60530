import { buildHttpHeartbeat } from '../adapters/system/http-heartbeat.ts';
import { isHeartbeatUrl } from '../config/values.ts';
import type { WorkLoop } from '../publisher/pacing/work-loop.ts';
import type { Worker } from '../publisher/queue/worker.ts';
import { buildHeartbeatLoop } from '../publisher/watch/upkeep/heartbeat-loop.ts';
import type { AppDeps, Parts } from './parts.ts';

const timeoutMs = 10_000;

/** Returns undefined without HEARTBEAT_URL. */
export function openHeartbeat(
  { clock, config, logger, secrets }: AppDeps,
  { store }: Parts,
  worker: Pick<Worker, 'lookedAt'>,
): WorkLoop | undefined {
  if (secrets.heartbeatUrl() === undefined) return undefined;
  const url = (): string | undefined => secrets.heartbeatUrl();
  return buildHeartbeatLoop({
    clock,
    logger,
    heartbeat: buildHttpHeartbeat({ url, isAllowed: isHeartbeatUrl, timeoutMs }),
    memory: store.botMemory,
    work: store.work,
    workerLookedAt: () => worker.lookedAt(),
    deadlineMs: config.jobDeadlineSeconds * 1000,
  });
}
