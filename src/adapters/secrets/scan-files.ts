import { createHash, createHmac } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { FileToScan, FoundSecret } from '../../ports/preflight.ts';
import { detectSecrets } from './detect.ts';
import { findBinaryKey } from './private-keys.ts';
import { type ScanPlace, type ScanTask, searchedBytesMax } from './scan-task.ts';
import { countLines, cutText, decodeText, type Piece, pieceChars } from './text-pieces.ts';

/** Separates files that are searched together: no pattern matches across it, and no text contains it. */
const separator = '\n\0\n';
const readBytes = 256 * 1024;

export interface Scanned {
  readonly found: readonly FoundSecret[];
  readonly cut: readonly number[];
  readonly next: ScanPlace | undefined;
}

/**
 * Searches the files one after another, small ones together. Reads synchronously, because this thread does nothing
 * else.
 */
export async function scanFiles(task: ScanTask): Promise<Scanned> {
  const until = performance.now() + task.sliceMs;
  const found = new Map<string, FoundSecret>();
  const cut: number[] = [];
  const keep = (secret: FoundSecret): void => {
    found.set(`${secret.file}\0${secret.line}\0${secret.fingerprint}`, secret);
  };
  let waiting: Piece[] = [];
  const flush = async (): Promise<void> => {
    for (const secret of await searchTogether(task, waiting)) keep(secret);
    waiting = [];
  };
  for (const { place, piece } of listPieces(task, keep, cut)) {
    if (waiting.length > 0 && lengthOf(waiting) + piece.text.length > pieceChars) {
      await flush();
      if (performance.now() >= until) return { found: [...found.values()], cut, next: place };
    }
    if (waiting.length === 0) task.position[0] = place.file;
    waiting.push(piece);
  }
  await flush();
  return { found: [...found.values()], cut, next: undefined };
}

/** Yields the pieces from the place where the search continues; each file is read when its turn comes. */
function* listPieces(
  task: ScanTask,
  keep: (secret: FoundSecret) => void,
  cut: number[],
): Generator<{ readonly place: ScanPlace; readonly piece: Piece }> {
  const { from, files } = task;
  for (let file = from.file; file < files.length; file++) {
    const first = file === from.file ? from.piece : 0;
    const pieces = readPieces(task, file, keep, cut);
    for (const [index, piece] of pieces.slice(first).entries()) {
      yield { place: { file, piece: first + index }, piece };
    }
  }
}

function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { text }) => sum + text.length, 0);
}

/** Returns the pieces of one file to search; a file that is a secret as a whole is passed to `keep` instead. */
function readPieces(
  task: ScanTask,
  index: number,
  keep: (secret: FoundSecret) => void,
  cut: number[],
): readonly Piece[] {
  const file = task.files[index];
  if (file === undefined) return [];
  const path = join(task.folder, file.path);
  const { kind, bytes, isCut } = readFile(path, file);
  if (kind !== undefined) {
    keep({ file: file.path, line: undefined, kind, fingerprint: fingerprintOf(task, kind, hashFile(path)) });
    return [];
  }
  const text = decodeText(bytes);
  if (text === undefined) return [];
  if (isCut) cut.push(index);
  return cutText(index, text);
}

/** Returns the start of a text, or the kind of secret that the whole file is. */
function readFile(path: string, { kind }: FileToScan) {
  if (kind !== undefined) return { kind, bytes: Buffer.alloc(0), isCut: false };
  const start = readStart(path);
  return { ...start, kind: start.isCut ? undefined : findBinaryKey(start.bytes) };
}

async function searchTogether(task: ScanTask, pieces: readonly Piece[]): Promise<readonly FoundSecret[]> {
  if (pieces.length === 0) return [];
  const starts: number[] = [];
  let length = 0;
  for (const { text } of pieces) {
    starts.push(length);
    length += text.length + separator.length;
  }
  const detected = await detectSecrets(pieces.map(({ text }) => text).join(separator));
  return detected.flatMap(({ kind, start, end, value }) => {
    const which = starts.findLastIndex((begin) => begin <= start);
    const [piece, begin] = [pieces[which], starts[which] ?? 0];
    if (piece === undefined || (piece.isCutAtEnd && end - begin >= piece.text.length)) return [];
    const line = piece.linesBefore + countLines(piece.text, 0, start - begin) + 1;
    const file = task.files[piece.index]?.path ?? '';
    return [{ file, line, kind, fingerprint: fingerprintOf(task, kind, value) }];
  });
}

function fingerprintOf({ key }: ScanTask, kind: string, value: string): string {
  return createHmac('sha256', key).update(`${kind}\0${value}`).digest('base64url').slice(0, 32);
}

function readStart(path: string): { readonly bytes: Buffer; readonly isCut: boolean } {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.allocUnsafe(Math.min(size, searchedBytesMax));
    let filled = 0;
    while (filled < bytes.length) {
      const read = readSync(file, bytes, filled, bytes.length - filled, filled);
      if (read === 0) break;
      filled += read;
    }
    return { bytes: bytes.subarray(0, filled), isCut: size > searchedBytesMax };
  } finally {
    closeSync(file);
  }
}

function hashFile(path: string): string {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(readBytes);
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const read = readSync(file, buffer, 0, buffer.length, null);
      if (read === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, read));
    }
  } finally {
    closeSync(file);
  }
}
