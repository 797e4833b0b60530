import type { Logger } from '../../ports/logger.ts';
import type { FileToScan, SecretScan, SecretScanner } from '../../ports/secret-scanner.ts';
import { buildWorkerPool, WorkerFailure, type WorkerPool } from '../worker-pool.ts';
import { type ScanReply, type ScanTask, searchedBytesMax } from './scan-task.ts';

export interface ScannerOptions {
  /** Packages searched at the same time. */
  readonly threads: number;
  /** For one package. */
  readonly timeoutMs: number;
  /** Heap of one worker, in MiB. */
  readonly memoryMb: number;
  /** Ours alone, the same for as long as fingerprints are compared. */
  readonly fingerprintKey: string;
  readonly logger: Logger;
}

/** A maintained set of rules in worker threads: no text, however made, holds the main thread up. */
export function buildSecretScanner(options: ScannerOptions): SecretScanner & { warm(): void } {
  const pool = buildWorkerPool({ ...options, file: new URL('./scan-worker.ts', import.meta.url) });
  return {
    scan: async (folder, files, signal) => {
      if (files.length === 0) return { found: [], cut: [], stoppedAt: undefined };
      const position = new Int32Array(new SharedArrayBuffer(4));
      const task: ScanTask = { folder, files, key: options.fingerprintKey, position };
      const reply = await ask(pool, task, signal, options.logger);
      if (reply === undefined) return { found: [], cut: [], stoppedAt: pathAt(files, position[0]) };
      if (reply.kind === 'failed') {
        throw Object.assign(new Error('a file could not be searched'), { code: reply.code });
      }
      return { found: reply.found.toSorted(byPlace), cut: listCut(files, reply.cut), stoppedAt: undefined };
    },
    warm: () => pool.warm(),
    stop: async () => pool.stop(),
  };
}

/** Undefined when the worker ended without an answer. */
async function ask(
  pool: WorkerPool,
  task: ScanTask,
  signal: AbortSignal,
  logger: Logger,
): Promise<ScanReply | undefined> {
  try {
    // The worker is ours; only what it read is not.
    return (await pool.run(task, signal)) as ScanReply;
  } catch (error) {
    if (!(error instanceof WorkerFailure) || error.kind === 'stopped') throw error;
    // Without its cause: that could quote the text.
    logger.warn('a search for secrets ended', {
      how: error.kind,
      file: pathAt(task.files, task.position[0]),
    });
    return undefined;
  }
}

function pathAt(files: readonly FileToScan[], index = 0): string {
  return files[index]?.path ?? '';
}

function listCut(files: readonly FileToScan[], indices: readonly number[]): SecretScan['cut'] {
  return indices.map((index) => ({ file: pathAt(files, index), searchedBytes: searchedBytesMax }));
}

function byPlace(a: SecretScan['found'][number], b: SecretScan['found'][number]): number {
  return a.file === b.file ? (a.line ?? 0) - (b.line ?? 0) : a.file < b.file ? -1 : 1;
}
