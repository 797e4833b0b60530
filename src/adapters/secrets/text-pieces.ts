/** A stretch of one file. */
export interface Piece {
  /** Which file. */
  readonly index: number;
  readonly text: string;
  /** Lines of the file before it. */
  readonly linesBefore: number;
  /** The file goes on: what touches the end is found whole in the next piece. */
  readonly isCutAtEnd: boolean;
}

/** Searched at a time: a hostile text costs milliseconds, and many small files cost one call. */
export const pieceChars = 200_000;
/** Longer than any secret that is looked for. */
const overlapChars = 16_000;

/** A file's text in pieces that overlap. */
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

/** Line feeds from `start` up to `end`. */
export function countLines(text: string, start: number, end: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', start); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

/** Undefined for what is no text. Editors on Windows write UTF-16 of either byte order, with its mark. */
export function decodeText(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)))
      .swap16()
      .toString('utf16le');
  }
  return bytes.subarray(0, 8_192).includes(0) ? undefined : bytes.toString('utf8');
}
