import { copyFile, lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failure, PublishError } from '../../domain/failure/failure.ts';
import type { Tarball } from '../../domain/package/tarball.ts';
import type { Signer, SignRequest } from '../../ports/packing.ts';
import { onDisk } from '../system/disk-trouble.ts';
import { buildWorkerPool, WorkerFailure, type WorkerPool } from '../system/worker-pool.ts';
import type { CheckReply, CheckTask } from './check-task.ts';
import { runSigner } from './run-signer.ts';

export interface CommandSignerOptions {
  /** SIGNER_COMMAND, with `{folder}` and `{destination}` in its arguments. */
  readonly command: readonly [string, ...(readonly string[])];
  /** Environment of the signer besides its own HOME and TMPDIR: PATH and whatever else it needs. */
  readonly env: () => Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

const mebibyte = 1024 * 1024;
const checkTimeoutMs = 5 * 60_000;

/** Signs with a program of the operator: it gets a copy of the packed files, and its output is checked. */
export function buildCommandSigner(options: CommandSignerOptions): Signer {
  const file = new URL('./check-worker.ts', import.meta.url);
  const pool = buildWorkerPool({ file, threads: 1, memoryMb: 512, timeoutMs: checkTimeoutMs });
  return {
    sign: async (request, signal) => onDisk(async () => sign(options, pool, request, signal)),
    stop: async () => pool.stop(),
  };
}

async function sign(
  options: CommandSignerOptions,
  pool: WorkerPool,
  request: SignRequest,
  signal: AbortSignal,
): Promise<Tarball> {
  const place = `${request.folder}.sign`;
  try {
    const signedFile = await makeSigned(options, request, place, signal);
    return settle(await check(pool, request, signedFile, signal), request.maxBytes);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function makeSigned(
  { command, env, timeoutMs }: CommandSignerOptions,
  request: SignRequest,
  place: string,
  signal: AbortSignal,
): Promise<string> {
  const [folder, destination, home] = [join(place, 'package'), join(place, 'signed'), join(place, 'home')];
  for (const made of [folder, destination, home]) await mkdir(made, { recursive: true, mode: 0o700 });
  await copyPacked(request, folder);
  const fill = (argument: string): string =>
    argument.replaceAll(/\{(folder|destination)\}/g, (_whole, name) =>
      name === 'folder' ? folder : destination,
    );
  const [program, ...args] = command;
  const problem = await runSigner({
    command: [program, ...args.map(fill)],
    env: { ...env(), HOME: home, TMPDIR: home },
    folder: home,
    timeoutMs,
    signal,
  });
  if (problem !== undefined) throw new PublishError(failure('signing-failed', { problem }));
  return findOutput(destination);
}

/** Copies instead of linking, so that the signer cannot change the files that its output is compared with. */
async function copyPacked({ folder, entries }: SignRequest, target: string): Promise<void> {
  const folders = new Set(entries.map(({ path }) => dirname(path)));
  for (const path of folders) await mkdir(join(target, path), { recursive: true, mode: 0o700 });
  for (const { path } of entries) await copyFile(join(folder, path), join(target, path));
}

async function findOutput(destination: string): Promise<string> {
  const names = await readdir(destination).catch(() => []);
  const [name] = names;
  const refuse = (problem: string): never => {
    throw new PublishError(failure('signing-failed', { problem }));
  };
  if (name === undefined) return refuse('the signer wrote no file');
  if (names.length > 1) return refuse(`the signer wrote ${names.length} files`);
  const file = join(destination, name);
  const isFile = (await lstat(file)).isFile();
  return isFile ? file : refuse('what the signer wrote is no regular file');
}

async function check(
  pool: WorkerPool,
  request: SignRequest,
  signedFile: string,
  signal: AbortSignal,
): Promise<CheckReply> {
  const task: CheckTask = { ...request, signedFile, temporaryFile: `${request.outFile}.signed` };
  try {
    // The worker is our own code; only the files that it read are untrusted.
    return (await pool.run(task, signal)) as CheckReply;
  } catch (error) {
    await rm(task.temporaryFile, { force: true });
    if (!(error instanceof WorkerFailure) || error.kind === 'stopped') throw error;
    return { kind: 'differs', problem: 'cannot be read in time, or in memory' };
  }
}

function settle(reply: CheckReply, maxBytes: number): Tarball {
  switch (reply.kind) {
    case 'kept':
      return reply.tarball;
    case 'differs':
      throw new PublishError(failure('signed-package-differs', { problem: reply.problem }));
    case 'too-large': {
      const limitMb = Math.floor(maxBytes / mebibyte);
      const sizeMb = Math.max(Math.ceil(reply.bytes / mebibyte), limitMb + 1);
      throw new PublishError(failure('tarball-too-large', { sizeMb, limitMb }));
    }
    case 'disk-full':
      throw new PublishError(failure('disk-full', {}));
  }
}
