import { createHash, createHmac } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { FileToScan, FoundSecret } from '../../ports/secret-scanner.ts';
import { detectSecrets } from './detect.ts';
import { findBinaryKey } from './private-keys.ts';
import { type ScanTask, searchedBytesMax } from './scan-task.ts';
import { countLines, cutText, decodeText, type Piece, pieceChars } from './text-pieces.ts';

/** No pattern crosses it, and it is in no text. */
const separator = '\n\0\n';
const readBytes = 256 * 1024;

export interface Scanned {
  readonly found: readonly FoundSecret[];
  readonly cut: readonly number[];
}

/** Searches one file after the other, small ones together. Synchronous reading: this thread does nothing else. */
export async function scanFiles(task: ScanTask): Promise<Scanned> {
  const found = new Map<string, FoundSecret>();
  const cut: number[] = [];
  let waiting: Piece[] = [];
  let waitingChars = 0;
  const flush = async (): Promise<void> => {
    for (const secret of await searchTogether(task, waiting)) {
      found.set(`${secret.file}\0${secret.line}\0${secret.fingerprint}`, secret);
    }
    waiting = [];
    waitingChars = 0;
  };
  for (const [index, file] of task.files.entries()) {
    if (waiting.length === 0) task.position[0] = index;
    const path = join(task.folder, file.path);
    const { kind, bytes, isCut } = readFile(path, file);
    if (kind !== undefined) {
      const fingerprint = fingerprintOf(task, kind, hashFile(path));
      found.set(`${file.path}\0`, { file: file.path, line: undefined, kind, fingerprint });
      continue;
    }
    const text = decodeText(bytes);
    if (text === undefined) continue;
    if (isCut) cut.push(index);
    for (const piece of cutText(index, text)) {
      if (waitingChars + piece.text.length > pieceChars) await flush();
      waiting.push(piece);
      waitingChars += piece.text.length;
    }
  }
  await flush();
  return { found: [...found.values()], cut };
}

/** The start of a text, or the kind of secret that the file is as a whole. */
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
