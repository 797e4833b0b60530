import { constants, copyFile, type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failure, PublishError } from '../../domain/failure/failure.ts';
import type { BlobLimits, FileToStage } from '../../ports/git.ts';
import type { ObjectInfo, ObjectReader } from './object-reader.ts';

const mebibyte = 1024 * 1024;
/** Files up to this size in bytes are read whole; at most `writesAtOnce` of them are written in parallel. */
const heldBytes = mebibyte;
const writesAtOnce = 8;

/** Returns a path from a commit if it is a plain relative path, safe below our folder; throws pack-failed otherwise. */
function checkPath(path: string): string {
  const parts = path.split('/');
  const isPlain =
    path !== '' && !path.includes('\0') && !parts.some((part) => ['', '.', '..'].includes(part));
  if (isPlain && !path.includes('\uFFFD')) return path;
  throw new PublishError(
    failure('pack-failed', { problem: `${JSON.stringify(path)} is not a usable file name` }),
  );
}

/** Reads files of at most `maxBytesEach`, one at a time. Throws repository-too-large before reading any file. */
export async function readSmall(
  reader: ObjectReader,
  infos: readonly ObjectInfo[],
  wanted: readonly string[],
  limits: BlobLimits,
  take: (oid: string, content: Buffer) => void,
): Promise<void> {
  checkSum(infos, wanted, limits);
  const small = infos.filter((info) => (info.bytes ?? 0) <= limits.maxBytesEach);
  reader.request(small.map((info) => info.oid));
  for (const info of small) {
    take(info.oid, Buffer.concat(await Array.fromAsync(reader.content(info))));
  }
}

/** One that is wanted twice counts twice: whoever asks makes two texts of it. */
function checkSum(
  infos: readonly ObjectInfo[],
  wanted: readonly string[],
  { maxBytesEach, maxBytesTotal }: BlobLimits,
): void {
  const sizes = new Map(infos.map((info) => [info.oid, Math.min(info.bytes ?? 0, maxBytesEach)]));
  const total = wanted.reduce((sum, oid) => sum + (sizes.get(oid) ?? 0), 0);
  if (total <= maxBytesTotal) return;
  const limitMb = Math.floor(maxBytesTotal / mebibyte);
  const detail = `${wanted.length} files that have to be read hold more than ${limitMb} MB`;
  throw new PublishError(failure('repository-too-large', { detail, of: 'blobs' }));
}

/** Throws tarball-too-large when the files together exceed `maxBytes`; called before any file is read. */
export function checkTotal(
  infos: readonly ObjectInfo[],
  files: readonly FileToStage[],
  maxBytes: number,
): void {
  const sizes = new Map(infos.map((info) => [info.oid, info.bytes ?? 0]));
  const total = files.reduce((sum, file) => sum + (sizes.get(file.oid) ?? 0), 0);
  if (total <= maxBytes) return;
  const sizeMb = Math.ceil(total / mebibyte);
  throw new PublishError(failure('tarball-too-large', { sizeMb, limitMb: Math.floor(maxBytes / mebibyte) }));
}

/** Writes each object to every path that names it, straight from git's output to disk. */
export async function writeFiles(
  reader: ObjectReader,
  infos: readonly ObjectInfo[],
  files: readonly FileToStage[],
  folder: string,
): Promise<void> {
  const byOid = new Map<string, string[]>();
  for (const file of files) {
    byOid.set(file.oid, [...(byOid.get(file.oid) ?? []), join(folder, checkPath(file.path))]);
  }
  const folders = new Set([...byOid.values()].flat().map((path) => dirname(path)));
  for (const path of folders) await mkdir(path, { recursive: true, mode: 0o700 }).catch(refuseConflict(path));
  reader.request(infos.map((info) => info.oid));
  const writes = buildWrites();
  try {
    for (const info of infos) {
      const [first, ...twins] = byOid.get(info.oid) ?? [];
      if (first === undefined) continue;
      if (twins.length > 0 || (info.bytes ?? 0) > heldBytes) {
        await writeChunks(first, reader.content(info));
        await copyTo(first, twins);
      } else {
        const content = await Array.fromAsync(reader.content(info));
        await writes.add(async () => writeChunks(first, content));
      }
    }
  } finally {
    await writes.end();
  }
  writes.check();
}

interface Writes {
  /** Starts a write once fewer than `writesAtOnce` are running. Throws the error of an earlier write. */
  add(write: () => Promise<void>): Promise<void>;
  /** Waits for all writes to finish; never throws. */
  end(): Promise<void>;
  /** Throws the error of the first write that failed, if any. */
  check(): void;
}

function buildWrites(): Writes {
  const open = new Set<Promise<void>>();
  let failed: { readonly error: unknown } | undefined;
  const check = (): void => {
    if (failed !== undefined) throw failed.error;
  };
  return {
    add: async (write) => {
      if (open.size >= writesAtOnce) await Promise.race(open);
      check();
      const written: Promise<void> = write()
        .catch((error: unknown) => {
          failed ??= { error };
        })
        .finally(() => open.delete(written));
      open.add(written);
    },
    end: async () => {
      await Promise.all(open);
    },
    check,
  };
}

async function writeChunks(path: string, chunks: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> {
  const target = await create(path);
  try {
    // writeFile() instead of write(), which may write only a part without an error when the disk fills up.
    for await (const chunk of chunks) await target.writeFile(chunk);
  } finally {
    await target.close();
  }
}

/** Copies sequentially, because thousands of identical files would need thousands of open descriptors at once. */
async function copyTo(path: string, twins: readonly string[]): Promise<void> {
  for (const twin of twins) await copyFile(path, twin, constants.COPYFILE_EXCL).catch(refuseConflict(twin));
}

async function create(path: string): Promise<FileHandle> {
  return open(path, 'wx', 0o644).catch(refuseConflict(path));
}

/** Turns path conflicts (such as files `a` and `a/b`) into pack-failed; rethrows other errors, such as a full disk. */
function refuseConflict(path: string): (error: unknown) => never {
  return (error) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const conflicts = ['EEXIST', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'EILSEQ'];
    if (!conflicts.includes(String(code))) throw error;
    const name = path.split('/').at(-1)?.slice(0, 100) ?? '';
    throw new PublishError(
      failure('pack-failed', { problem: `${name} cannot be written as a file (${String(code)})` }),
    );
  };
}
