import { readdir, rm } from 'node:fs/promises';
import { failure, PublishError } from '../../domain/failure/failure.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Packed, Packer, PackRequest } from '../../ports/packing.ts';
import { onDisk } from '../system/disk-trouble.ts';
import { buildWorkerPool, WorkerFailure, type WorkerPool } from '../system/worker-pool.ts';
import type { PackReply, PackTask } from './pack-task.ts';

export interface PackerOptions {
  /** Number of packages packed at the same time. */
  readonly threads: number;
  /** Timeout for one package. */
  readonly timeoutMs: number;
  /** Heap of one worker, in MiB. */
  readonly memoryMb: number;
  readonly logger: Logger;
}

const mebibyte = 1024 * 1024;

/**
 * Packs with npm's file list and npm's tar implementation in worker threads. A worker that dies fails only its package.
 */
export function buildPacker(options: PackerOptions): Packer & { warm(): void } {
  const pool = buildWorkerPool({ ...options, file: new URL('./pack-worker.ts', import.meta.url) });
  return {
    pack: async (request, signal) => onDisk(async () => pack(pool, request, signal, options)),
    warm: () => pool.warm(),
    stop: async () => pool.stop(),
  };
}

async function pack(
  pool: WorkerPool,
  request: PackRequest,
  signal: AbortSignal,
  options: PackerOptions,
): Promise<Packed> {
  const temporaryFile = `${request.outFile}.tmp`;
  try {
    return settle(await ask(pool, request, temporaryFile, signal, options), request.maxBytes);
  } catch (error) {
    await rm(temporaryFile, { force: true });
    throw error;
  }
}

async function ask(
  pool: WorkerPool,
  request: PackRequest,
  temporaryFile: string,
  signal: AbortSignal,
  options: PackerOptions,
): Promise<PackReply> {
  const { folder, manifest, outFile, maxBytes, always } = request;
  const fieldsJson = JSON.stringify(manifest.fields);
  const task: PackTask = { folder, fieldsJson, temporaryFile, outFile, maxBytes, always };
  try {
    // The worker is our own code; only the files that it read are untrusted.
    return (await pool.run(task, signal)) as PackReply;
  } catch (error) {
    if (!(error instanceof WorkerFailure) || error.kind === 'stopped') throw error;
    options.logger.warn('a pack worker ended', {
      package: manifest.name,
      how: error.kind,
      cause: error.cause,
    });
    throw await explainWorkerFailure(error.kind, folder, options);
  }
}

async function explainWorkerFailure(
  kind: WorkerFailure['kind'],
  folder: string,
  { memoryMb, timeoutMs }: PackerOptions,
): Promise<PublishError> {
  if (kind === 'crashed') {
    const problem = 'the list of its files could not be made; check `files` in package.json';
    return new PublishError(failure('pack-failed', { problem }));
  }
  const files = await countFiles(folder);
  if (kind === 'out-of-memory')
    return new PublishError(failure('packing-out-of-memory', { memoryMb, files }));
  const seconds = Math.max(1, Math.round(timeoutMs / 1000));
  return new PublishError(failure('packing-timed-out', { seconds, files }));
}

async function countFiles(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).length;
}

function settle(reply: PackReply, maxBytes: number): Packed {
  switch (reply.kind) {
    case 'packed':
      return reply.packed;
    case 'too-large': {
      const limitMb = Math.floor(maxBytes / mebibyte);
      const sizeMb = Math.max(Math.ceil(reply.bytes / mebibyte), limitMb + 1);
      throw new PublishError(failure('tarball-too-large', { sizeMb, limitMb }));
    }
    case 'disk-full':
      throw new PublishError(failure('disk-full', {}));
    case 'failed':
      throw new PublishError(failure('pack-failed', { problem: reply.problem }));
  }
}
