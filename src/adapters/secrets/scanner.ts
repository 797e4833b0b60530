import type { Logger } from '../../ports/logger.ts';
import type { FileToScan, FoundSecret, SecretScan, SecretScanner } from '../../ports/preflight.ts';
import { onDisk } from '../system/disk-trouble.ts';
import { buildTurns, type TakeTurn } from '../system/turns.ts';
import { buildWorkerPool, WorkerFailure, type WorkerPool } from '../system/worker-pool.ts';
import { type ScanPlace, type ScanReply, type ScanTask, searchedBytesMax } from './scan-task.ts';

export interface ScannerOptions {
  /** Number of searches at the same time. */
  readonly threads: number;
  /** Limit of the search time of one package, without waiting for its turns. */
  readonly timeoutMs: number;
  /** Heap of one worker, in MiB. */
  readonly memoryMb: number;
  /** Secret key of this installation; it must stay the same as long as fingerprints are compared. */
  readonly fingerprintKey: string;
  readonly logger: Logger;
}

/** A slow search gives way to others after this time. */
const sliceMs = 500;

/**
 * Searches with a maintained rule set in worker threads, so that no text can block the main thread. Searches alternate
 * in slices, and each owner has at most one search in the queue, so that an owner of slow texts delays mostly itself.
 */
export function buildSecretScanner(options: ScannerOptions): SecretScanner & { warm(): void } {
  const pool = buildWorkerPool({ ...options, file: new URL('./scan-worker.ts', import.meta.url) });
  const inTurn = buildOwnTurns();
  return {
    scan: async (folder, files, owner, signal) => {
      if (files.length === 0) return { found: [], cut: [], stoppedAt: undefined };
      return onDisk(async () =>
        scanInSlices(options, { folder, files }, async (task) =>
          inTurn(owner, signal, async () => ask(pool, task, signal, options.logger)),
        ),
      );
    },
    warm: () => pool.warm(),
    stop: async () => pool.stop(),
  };
}

async function scanInSlices(
  { fingerprintKey: key, timeoutMs }: ScannerOptions,
  { folder, files }: Pick<ScanTask, 'folder' | 'files'>,
  search: (task: ScanTask) => Promise<ScanReply | undefined>,
): Promise<SecretScan> {
  const found = new Map<string, FoundSecret>();
  const cut = new Set<number>();
  let spentMs = 0;
  for (let from: ScanPlace | undefined = { file: 0, piece: 0 }; from !== undefined; ) {
    const position = new Int32Array(new SharedArrayBuffer(4));
    const reply = await search({ folder, files, key, position, from, sliceMs });
    if (reply === undefined) return { found: [], cut: [], stoppedAt: pathAt(files, position[0]) };
    if (reply.kind === 'failed') {
      throw Object.assign(new Error('a file could not be searched'), { code: reply.code });
    }
    for (const secret of reply.found)
      found.set(`${secret.file}\0${secret.line}\0${secret.fingerprint}`, secret);
    for (const index of reply.cut) cut.add(index);
    from = reply.next;
    spentMs += reply.spentMs;
    if (from !== undefined && spentMs >= timeoutMs) {
      return { found: [], cut: [], stoppedAt: pathAt(files, from.file) };
    }
  }
  return {
    found: [...found.values()].toSorted(byPlace),
    cut: listCut(files, [...cut]),
    stoppedAt: undefined,
  };
}

type InTurn = <T>(owner: number, signal: AbortSignal, work: () => Promise<T>) => Promise<T>;

/** Runs one task at a time for each owner, in order. */
function buildOwnTurns(): InTurn {
  const lines = new Map<number, { readonly takeTurn: TakeTurn; users: number }>();
  return async (owner, signal, work) => {
    const line = lines.get(owner) ?? { takeTurn: buildTurns(1), users: 0 };
    lines.set(owner, line);
    line.users += 1;
    try {
      const pass = await line.takeTurn(signal);
      try {
        return await work();
      } finally {
        pass();
      }
    } finally {
      line.users -= 1;
      if (line.users === 0) lines.delete(owner);
    }
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
    // The worker is our own code; only the text that it read is untrusted.
    return (await pool.run(task, signal)) as ScanReply;
  } catch (error) {
    if (!(error instanceof WorkerFailure) || error.kind === 'stopped') throw error;
    // Logged without the cause, which could quote the text.
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
