import { buildRedactor } from '../../domain/text/redact.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { PutAnswer, Upload } from '../../ports/registry.ts';
import { buildWorkerPool, WorkerFailure, type WorkerPool } from '../system/worker-pool.ts';
import type { Exchange } from './exchange.ts';
import { toPutAnswer } from './put-answer.ts';
import { putStreaming } from './put-streaming.ts';
import { type PutReply, type PutTask, TarballChanged, toPutTask } from './put-task.ts';

export interface PutOptions {
  readonly url: string;
  readonly token: () => string;
  readonly putIdleTimeoutMs: number;
  readonly streamAboveBytes: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Put {
  /** Throws the signal's reason, or TarballChanged (a fault of ours). */
  put(upload: Upload, signal: AbortSignal): Promise<PutAnswer>;
  /** Starts workers in advance, when uploads are expected. */
  warm(): void;
  stop(): Promise<void>;
}

const threads = 4;
/** libnpmpublish holds 7 to 8 copies of the tarball, most of them outside the heap. */
const memoryMb = 512;

/** Sends one PUT: with libnpmpublish in a worker thread for a small tarball, as a stream for a large one. */
export function buildPut(options: PutOptions): Put {
  const pool = buildWorkerPool({ file: new URL('./put-worker.ts', import.meta.url), threads, memoryMb });
  return {
    put: async (upload, signal) => {
      const task = toPutTask(upload, {
        registryUrl: options.url,
        token: options.token(),
        idleTimeoutMs: options.putIdleTimeoutMs,
      });
      const isLarge = upload.tarball.bytes > options.streamAboveBytes;
      const exchange = isLarge
        ? await putStreaming(task, signal)
        : await putInWorker(pool, task, signal, options.logger);
      return toPutAnswer(hideToken(exchange, task.token), {
        name: upload.name,
        registryUrl: options.url,
        nowMs: options.clock.now(),
      });
    },
    warm: () => pool.warm(),
    stop: async () => pool.stop(),
  };
}

/** Removes the token before the answer is cut, because the general redactor would not recognise a part of the token. */
function hideToken(exchange: Exchange, token: string): Exchange {
  if (exchange.kind !== 'answer') return exchange;
  return { ...exchange, body: buildRedactor(() => [token])(exchange.body) };
}

async function putInWorker(
  pool: WorkerPool,
  task: PutTask,
  signal: AbortSignal,
  logger: Logger,
): Promise<Exchange> {
  let reply: PutReply;
  try {
    // The worker is our own code.
    reply = (await pool.run(task, signal)) as PutReply;
  } catch (error) {
    if (!(error instanceof WorkerFailure) || error.kind === 'stopped') throw error;
    logger.warn('a publish worker ended', { package: task.name, how: error.kind, cause: error.cause });
    return { kind: 'broken', detail: `our upload ended (${error.kind})` };
  }
  switch (reply.kind) {
    case 'exchanged':
      return reply.exchange;
    case 'tarball-changed':
      throw new TarballChanged();
    case 'not-tried':
      throw new Error(`libnpmpublish refused the manifest (${reply.code})`);
  }
}
