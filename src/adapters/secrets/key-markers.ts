/** The position of a key's first line, and the algorithm that the line names. */
export interface KeyMarker {
  readonly start: number;
  /** Offset of the first character after the marker. */
  readonly from: number;
  readonly algorithm: string;
}

/** RFC 7468 and similar forms: four or five dashes, and any algorithm name before PRIVATE KEY. */
const plain = /-{4,5} ?BEGIN ([A-Z0-9]{0,20}(?: [A-Z0-9]{1,20}){0,4}?) ?PRIVATE KEY(?: BLOCK)? ?-{4,5}/g;
/** Possible first dash of a marker that is split into strings or percent-encoded. */
const firstDash = /(?<!-)-(?=[-\\"'`%])|%2[dD]/g;
/** The gap between two string literals of source code, with their quotes. */
const joint = /\\{0,4}["'`][^"'`\0]{0,80}["'`]/y;
const encoded = /%[0-9a-fA-F]{2}/y;
/** Four algorithm words of twenty letters each, plus the rest of the marker. */
const longestMarker = 140;
const longestWritten = 800;

/** Finds markers in order; a marker may be split into strings that a program joins, or percent-encoded. */
export function findKeyMarkers(text: string): readonly KeyMarker[] {
  const found = [...text.matchAll(plain)].map(
    ({ index: start, 0: marker, 1: algorithm = '' }): KeyMarker => ({
      start,
      from: start + marker.length,
      algorithm,
    }),
  );
  const starts = new Set(found.map(({ start }) => start));
  const hidden = [...text.matchAll(firstDash)].flatMap(({ index }) =>
    starts.has(index) ? [] : (readMarker(text, index) ?? []),
  );
  if (hidden.length === 0) return found;
  const inside = ({ start }: KeyMarker): boolean =>
    found.some((known) => start > known.start && start < known.from);
  return [...found, ...hidden.filter((marker) => !inside(marker))].toSorted((a, b) => a.start - b.start);
}

function readMarker(text: string, start: number): KeyMarker | undefined {
  let read = '';
  let at = start;
  while (read.length < longestMarker && at - start < longestWritten) {
    const letter = readLetter(text, at);
    if (letter === undefined) return undefined;
    read += letter.value;
    at = letter.next;
    if (!'-----BEGIN '.startsWith(read.slice(0, 11)) && !'---- BEGIN '.startsWith(read.slice(0, 11))) {
      return undefined;
    }
    const algorithm = /^-{4,5} ?BEGIN ([A-Z0-9 ]*?) ?PRIVATE KEY(?: BLOCK)? ?-{4}$/.exec(read)?.[1];
    if (algorithm !== undefined) {
      const last = readLetter(text, at);
      return { start, from: last?.value === '-' ? last.next : at, algorithm };
    }
  }
  return undefined;
}

interface Letter {
  readonly value: string;
  /** Offset after the letter. */
  readonly next: number;
}

/** Reads one letter of a marker; undefined when the character cannot be part of one. */
function readLetter(text: string, at: number): Letter | undefined {
  let next = at;
  for (let end = skip(joint, text, next); end !== undefined; end = skip(joint, text, next)) {
    next = end;
    if (next - at > longestWritten) return undefined;
  }
  const end = skip(encoded, text, next);
  const value = end === undefined ? text.charAt(next) : decode(text.slice(next, end));
  // URL-encoded forms write spaces as plus signs.
  if (end === undefined && value === '+') return { value: ' ', next: next + 1 };
  return /^[-A-Z0-9 ]$/.test(value) ? { value, next: end ?? next + 1 } : undefined;
}

/** Returns the end of a match at this position; undefined when there is none. */
function skip(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function decode(written: string): string {
  return String.fromCharCode(Number.parseInt(written.slice(1), 16));
}

/** Decodes only the percent-encoded characters that a key can contain. */
export function decodePercent(text: string): string {
  return text.includes('%') ? text.replaceAll(/%(?:0[aAdD]|2[0bBdDfF]|3[aAdD])/g, decode) : text;
}
