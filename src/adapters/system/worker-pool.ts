import { getCompileCacheDir } from 'node:module';
import { setTimeout as startTimer } from 'node:timers';
import { Worker } from 'node:worker_threads';
import type { WorkerStart } from './start-worker.ts';
import { buildTurns } from './turns.ts';

export interface WorkerPoolOptions {
  /** The worker's module; it must answer each message with exactly one message. */
  readonly file: URL;
  readonly threads: number;
  /** V8 heap of one worker, in MiB. */
  readonly memoryMb: number;
  /** Limit for one task; undefined when only the task's signal ends it. */
  readonly timeoutMs?: number;
}

export interface WorkerPool {
  /**
   * Runs one task on a free worker, in order. Throws WorkerFailure, or the signal's reason; in both cases the worker is
   * ended and the next task gets a new one.
   */
  run(task: unknown, signal: AbortSignal): Promise<unknown>;
  /** Starts a worker when there is none, so that the next task does not wait for its imports. */
  warm(): void;
  /** Ends every worker; waiting and running tasks fail. */
  stop(): Promise<void>;
}

/** A worker crashed, ran out of memory, took too long or was stopped. */
export class WorkerFailure extends Error {
  readonly kind: 'crashed' | 'out-of-memory' | 'timed-out' | 'stopped';
  constructor(kind: WorkerFailure['kind'], options?: ErrorOptions) {
    super(`worker ${kind}`, options);
    this.name = 'WorkerFailure';
    this.kind = kind;
  }
}

/**
 * Limit of V8's young generation: on a large machine it would otherwise grow to 128 MB in each thread before garbage is
 * collected.
 */
const youngGenerationMb = 24;

/** Idle workers end after this time: their memory is worth more than a fast start. */
const idleMs = 30_000;

const startFile = new URL('./start-worker.ts', import.meta.url);

/** Starts threads when they are needed, with an empty environment; idle ones do not keep the process alive. */
export function buildWorkerPool(options: WorkerPoolOptions): WorkerPool {
  const workers = buildWorkers(options);
  const takeTurn = buildTurns(options.threads);
  const stopping = new AbortController();
  const useWorker = async (task: unknown, signal: AbortSignal): Promise<unknown> => {
    const worker = workers.take();
    try {
      const answer = await askWorker(worker, task, signal, options.timeoutMs);
      workers.keep(worker);
      return answer;
    } catch (error) {
      await worker.terminate();
      throw error;
    }
  };
  return {
    run: async (task, signal) => {
      const either = AbortSignal.any([signal, stopping.signal]);
      const pass = await takeTurn(either);
      try {
        either.throwIfAborted();
        return await useWorker(task, either);
      } finally {
        pass();
      }
    },
    warm: () => {
      if (!stopping.signal.aborted) workers.warm();
    },
    stop: async () => {
      stopping.abort(new WorkerFailure('stopped'));
      await workers.stop();
    },
  };
}

interface Workers {
  /** Returns an idle worker, or a new one. */
  take(): Worker;
  /** Keeps the worker for the next task; it ends when none comes for a while. */
  keep(worker: Worker): void;
  /** Starts an idle worker when there is no worker at all. */
  warm(): void;
  stop(): Promise<void>;
}

function buildWorkers(options: WorkerPoolOptions): Workers {
  const all = new Set<Worker>();
  const idle = new Map<Worker, NodeJS.Timeout>();
  const forget = (worker: Worker): void => {
    clearTimeout(idle.get(worker));
    idle.delete(worker);
  };
  const start = (): Worker => {
    const worker = startWorker(options);
    all.add(worker);
    worker.once('exit', () => {
      all.delete(worker);
      forget(worker);
    });
    return worker;
  };
  const keep = (worker: Worker): void => {
    if (!all.has(worker)) return;
    worker.unref();
    const end = (): void => {
      forget(worker);
      void worker.terminate();
    };
    idle.set(worker, startTimer(end, idleMs).unref());
  };
  return {
    take: () => {
      const known = [...idle.keys()].at(-1);
      if (known === undefined) return start();
      forget(known);
      known.ref();
      return known;
    },
    keep,
    warm: () => {
      if (all.size === 0) keep(start());
    },
    stop: async () => {
      await Promise.all([...all].map(async (worker) => worker.terminate()));
    },
  };
}

function startWorker(options: WorkerPoolOptions): Worker {
  const start: WorkerStart = { module: options.file.href, compileCache: getCompileCacheDir() };
  const worker = new Worker(startFile, {
    workerData: start,
    env: {},
    argv: [],
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdin: false,
    resourceLimits: {
      maxOldGenerationSizeMb: options.memoryMb,
      maxYoungGenerationSizeMb: youngGenerationMb,
    },
  });
  // An error during a task reaches the waiting caller; between tasks only the exit matters.
  worker.on('error', () => undefined);
  return worker;
}

async function askWorker(
  worker: Worker,
  task: unknown,
  signal: AbortSignal,
  timeoutMs: number | undefined,
): Promise<unknown> {
  const ended = new AbortController();
  try {
    return await new Promise<unknown>((resolve, reject) => {
      const onAbort = (): void => reject(signal.reason);
      const onError = (error: unknown): void => reject(toFailure(error));
      const onExit = (): void => reject(new WorkerFailure('crashed'));
      worker.on('message', resolve).on('error', onError).on('exit', onExit);
      signal.addEventListener('abort', onAbort, { once: true });
      const timer =
        timeoutMs === undefined
          ? undefined
          : startTimer(() => reject(new WorkerFailure('timed-out')), timeoutMs);
      ended.signal.addEventListener('abort', () => {
        worker.off('message', resolve).off('error', onError).off('exit', onExit);
        signal.removeEventListener('abort', onAbort);
        clearTimeout(timer);
      });
      worker.postMessage(task);
    });
  } finally {
    ended.abort();
  }
}

function toFailure(error: unknown): WorkerFailure {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return new WorkerFailure(code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'out-of-memory' : 'crashed', {
    cause: error,
  });
}
