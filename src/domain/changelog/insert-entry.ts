import { findHeadingStyle, findVersionHeading } from './heading-style.ts';
import { compareWritten } from './heading-text.ts';
import { updateLinks } from './link-definitions.ts';
import { findMovedLines } from './moved-lines.ts';
import {
  contentOf,
  endOfSection,
  type Heading,
  type ScannedChangelog,
  scanChangelog,
  startOfTrailingLinks,
} from './scan-changelog.ts';
import { findUnreleased } from './unreleased.ts';

export interface EntryToInsert {
  readonly version: string;
  /** Date of the version as YYYY-MM-DD. */
  readonly date: string;
  /** Lines end with \n. */
  readonly body: string;
  /** Blocks to take out of Unreleased. */
  readonly moved: readonly string[];
}

export type Inserted =
  | { readonly kind: 'inserted'; readonly text: string }
  /** The file already has an entry of this version, and is left alone. */
  | { readonly kind: 'present'; readonly body: string };

const newFile =
  '# Changelog\n\nAll notable changes to this package are documented in this file. The format is based on\n' +
  '[Keep a Changelog](https://keepachangelog.com/en/1.1.0/).\n';

/** Puts one version into a changelog and changes nothing else: the file's style, its line endings, its order. */
export function insertEntry(text: string, entry: EntryToInsert): Inserted {
  const present = findEntry(text, entry.version);
  if (present !== undefined) return { kind: 'present', body: present };
  const isEmpty = text.replace('\uFEFF', '').trim() === '';
  const original = scanChangelog(isEmpty ? `${text.startsWith('\uFEFF') ? '\uFEFF' : ''}${newFile}` : text);
  const taken = findMovedLines(original, entry.moved);
  const scanned = takeOut(original, taken);
  const style = findHeadingStyle(original);
  const at = findPlace(scanned, entry.version);
  const ended = endLines(original, taken, ['', ...entry.body.split('\n')]);
  const heading = style.write(entry.version, entry.date).map((line) => `${line}${scanned.lineEnding}`);
  const lines = [...heading, ...ended];
  return { kind: 'inserted', text: updateLinks(place(scanned, at, lines), entry.version) };
}

/** Returns the body of a version's entry; undefined when the file has none. */
export function findEntry(text: string, version: string): string | undefined {
  const scanned = scanChangelog(text);
  const heading = findVersionHeading(scanned, version);
  if (heading === undefined) return undefined;
  const lines = scanned.lines.slice(heading.line + heading.lines, endOfSection(scanned, heading));
  return trimBlank(lines.map(contentOf)).join('\n');
}

/** Replaces the body of an entry that still reads as `expected`; undefined when somebody changed it since. */
export function replaceEntry(
  text: string,
  version: string,
  expected: string,
  body: string,
): string | undefined {
  const scanned = scanChangelog(text);
  const heading = findVersionHeading(scanned, version);
  if (heading === undefined || findEntry(text, version) !== expected) return undefined;
  const from = heading.line + heading.lines;
  const end = endOfSection(scanned, heading);
  const tail = scanned.lines.slice(end);
  const { lineEnding } = scanned;
  const written = ['', ...body.split('\n'), ...(tail.length > 0 ? [''] : [])];
  return [...scanned.lines.slice(0, from), ...written.map((line) => `${line}${lineEnding}`), ...tail].join(
    '',
  );
}

/**
 * Adds the file's line ending to each line. A line that moves inside of a file with several kinds of endings keeps its
 * own.
 */
function endLines(
  { lines, lineEnding }: ScannedChangelog,
  taken: ReadonlySet<number>,
  written: readonly string[],
): readonly string[] {
  const moving = taken.size === 0 ? [] : lines.slice(Math.min(...taken), Math.max(...taken) + 1);
  const places = Map.groupBy(moving.keys(), (index) => contentOf(moving[index] ?? ''));
  let next = 0;
  return written.map((line) => {
    const known = places.get(line) ?? [];
    while ((known[0] ?? next) < next) known.shift();
    const [at] = known;
    // A blank line matches only the next line, since all blank lines read the same.
    if (at === undefined || (line.trim() === '' && at !== next)) return `${line}${lineEnding}`;
    next = at + 1;
    const ending = /(?<![\r\n])[\r\n]+$/.exec(moving[at] ?? '')?.[0];
    return `${line}${ending ?? lineEnding}`;
  });
}

function takeOut(scanned: ScannedChangelog, taken: ReadonlySet<number>): ScannedChangelog {
  if (taken.size === 0) return scanned;
  const kept: string[] = [];
  let hasTaken = false;
  for (const [index, line] of scanned.lines.entries()) {
    if (taken.has(index)) {
      hasTaken = true;
      continue;
    }
    // Blank lines between the lines that were taken out would pile up.
    const isBlank = contentOf(line).trim() === '';
    if (hasTaken && isBlank && contentOf(kept.at(-1) ?? '').trim() === '') continue;
    if (!isBlank) hasTaken = false;
    kept.push(line);
  }
  return scanChangelog(kept.join(''));
}

/** Returns the line in front of which a version belongs. */
function findPlace(scanned: ScannedChangelog, version: string): number {
  const versions = scanned.headings.filter((heading) => heading.version !== undefined);
  const first = versions[0];
  if (first === undefined) return findFirstPlace(scanned);
  const compare = (heading: Heading): number => compareWritten(heading.version ?? '', version) ?? 0;
  const last = versions.at(-1) ?? first;
  const isAscending = (compareWritten(first.version ?? '', last.version ?? '') ?? 0) < 0;
  const next = versions.find((heading) => (isAscending ? compare(heading) > 0 : compare(heading) < 0));
  return next?.line ?? endOfSection(scanned, last);
}

/**
 * Finds the place in a file that has no version yet: below Unreleased, else below the title and its text. Text without
 * headings is not claimed for the version.
 */
function findFirstPlace(scanned: ScannedChangelog): number {
  const unreleased = findUnreleased(scanned);
  if (unreleased !== undefined) return endOfSection(scanned, unreleased);
  const [title, next] = scanned.headings;
  if (title === undefined) return startOfTrailingLinks(scanned, scanned.start);
  const before = scanned.lines.slice(scanned.start, title.line).map(contentOf);
  const isTitle = title.level === 1 && before.every((line) => line.trim() === '' || /^[<[!]/.test(line));
  if (!isTitle) return title.line;
  return next?.line ?? startOfTrailingLinks(scanned, title.line + title.lines);
}

function place(scanned: ScannedChangelog, at: number, written: readonly string[]): string {
  const { lineEnding } = scanned;
  const before = scanned.lines.slice(0, at);
  const after = scanned.lines.slice(at);
  const lines = [...written];
  const last = before.at(-1);
  if (last !== undefined && !/[\r\n]$/.test(last)) before[before.length - 1] = `${last}${lineEnding}`;
  const isBlank = (line: string | undefined): boolean => line === undefined || contentOf(line).trim() === '';
  if (at > scanned.start && !isBlank(before.at(-1))) lines.unshift(lineEnding);
  if (after.length > 0 && !isBlank(after[0])) lines.push(lineEnding);
  const text = [...before, ...lines, ...after].join('');
  return moveBomToFront(text);
}

function moveBomToFront(text: string): string {
  const at = text.indexOf('\uFEFF');
  return at > 0 && /^[\s\S]*[\r\n]$/.test(text.slice(0, at))
    ? `\uFEFF${text.slice(0, at)}${text.slice(at + 1)}`
    : text;
}

function trimBlank(lines: readonly string[]): readonly string[] {
  const isText = (line: string): boolean => line.trim() !== '';
  const first = lines.findIndex(isText);
  return first < 0 ? [] : lines.slice(first, lines.findLastIndex(isText) + 1);
}
