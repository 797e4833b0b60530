/** A part of one file's text. */
export interface Piece {
  /** Index of the file. */
  readonly index: number;
  readonly text: string;
  /** Number of lines of the file before this piece. */
  readonly linesBefore: number;
  /** True when the file continues: a secret that touches the end is found whole in the next piece. */
  readonly isCutAtEnd: boolean;
}

/** Characters searched at a time: a hostile text costs only milliseconds, and many small files need only one call. */
export const pieceChars = 200_000;
/** Longer than any secret that is searched for. */
const overlapChars = 16_000;

/** Cuts the text of a file into overlapping pieces. */
export function cutText(index: number, text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let linesBefore = 0;
  for (let from = 0; ; ) {
    const isCutAtEnd = from + pieceChars < text.length;
    pieces.push({ index, text: text.slice(from, from + pieceChars), linesBefore, isCutAtEnd });
    if (!isCutAtEnd) return pieces;
    const next = from + pieceChars - overlapChars;
    linesBefore += countLines(text, from, next);
    from = next;
  }
}

/** Counts the line feeds from `start` (included) to `end` (excluded). */
export function countLines(text: string, start: number, end: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', start); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

/**
 * Undefined when the bytes are not text. Recognises UTF-16 of both byte orders by its mark, as editors on Windows write
 * it.
 */
export function decodeText(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)))
      .swap16()
      .toString('utf16le');
  }
  return bytes.subarray(0, 8_192).includes(0) ? undefined : bytes.toString('utf8');
}
