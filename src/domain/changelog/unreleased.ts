import { isUnreleasedTitle } from './heading-text.ts';
import { contentOf, endOfSection, type Heading, type ScannedChangelog } from './scan-changelog.ts';

/** A block below Unreleased: a list item with what belongs to it, a paragraph, or a comment. */
export interface HandWrittenBlock {
  /** The sub-heading's text; '' above the first one. */
  readonly section: string;
  /** The block's lines joined by \n, as they are written. */
  readonly text: string;
  readonly firstLine: number;
  /** The line after the block's last line. */
  readonly endLine: number;
}

/** A sub-heading with everything below it, or what is above the first sub-heading. */
export interface HandWrittenPart {
  /** The sub-heading's text; '' above the first one. */
  readonly section: string;
  /**
   * The part's lines joined by \n, as they are written: sub-heading and blank lines between included, no blank lines at
   * either end.
   */
  readonly text: string;
  /** The blank lines after the part, each as it is written. */
  readonly gap: readonly string[];
  readonly endsWithItem: boolean;
}

export interface HandWritten {
  readonly parts: readonly HandWrittenPart[];
  /**
   * Blocks that leave Unreleased when the parts move; they are recognised by their text when the file has changed
   * since.
   */
  readonly blocks: readonly HandWrittenBlock[];
}

/** What people write where there is nothing to say. */
const placeholder = /^(?:[-*+]\s*)?(?:n\/?a|none|nothing(?: yet)?|tbd|todo|\.{3}|…|_+)?[.!]?$/i;
const commentStart = '<!--';
const commentEnd = '-->';

export function findUnreleased(scanned: ScannedChangelog): Heading | undefined {
  return scanned.headings.find((heading) => heading.isUnreleased);
}

/**
 * Returns what people wrote below Unreleased, in order, without sub-headings that have nothing but a placeholder below
 * them.
 */
export function readHandWritten(scanned: ScannedChangelog): HandWritten {
  const region = findRegion(scanned);
  if (region === undefined) return { parts: [], blocks: [] };
  const blocks = listBlocks(scanned, region);
  const areas = listAreas(scanned, region);
  const owners = areas.map(({ from, to }) =>
    blocks.filter(({ firstLine }) => firstLine >= from && firstLine < to),
  );
  const isMeant = owners.map((own) => own.some((block) => isText(block.text)));
  if (!isMeant.includes(true)) return { parts: [], blocks: [] };
  // A comment above everything else is copied, and stays: it tells people how to write here.
  const isMoved = areas.map(
    (_, index) =>
      isMeant[index] === true ||
      (index === 0 && owners[0]?.length === 1 && owners[0][0]?.text.startsWith(commentStart) === true),
  );
  const leading = blocks[0];
  return {
    parts: areas.flatMap((area, index) =>
      isMoved[index] === true ? toPart(scanned, area, owners[index] ?? []) : [],
    ),
    blocks: owners
      .flatMap((own, index) => (isMoved[index] === true ? own : []))
      .filter((block) => !(block === leading && isComment(block.text))),
  };
}

/** Lines below Unreleased: `from` is the first, `to` the line after the last. */
export interface Region {
  readonly from: number;
  readonly to: number;
}

interface Area extends Region {
  readonly section: string;
}

/** Returns the lines below Unreleased; undefined when there is no such heading. */
export function findRegion(scanned: ScannedChangelog): Region | undefined {
  const heading = findUnreleased(scanned);
  if (heading === undefined) return undefined;
  return { from: heading.line + heading.lines, to: endOfSection(scanned, heading) };
}

/** Splits the lines by the sub-headings of the highest rank that is used. */
function listAreas(scanned: ScannedChangelog, { from, to }: Region): readonly Area[] {
  const inside = scanned.headings.filter(({ line }) => line >= from && line < to);
  const rank = Math.min(...inside.map(({ level }) => level));
  const heads = inside.filter(({ level }) => level === rank);
  const starts = heads.map(({ line }) => line);
  return [
    { section: '', from, to: starts[0] ?? to },
    ...heads.map(({ line, text }, index) => ({ section: text, from: line, to: starts[index + 1] ?? to })),
  ];
}

function toPart(
  scanned: ScannedChangelog,
  area: Area,
  own: readonly HandWrittenBlock[],
): readonly HandWrittenPart[] {
  const stays = linesThatStay(scanned);
  const lines = Array.from({ length: area.to - area.from }, (_, at) => area.from + at)
    .filter((line) => !stays.has(line))
    .map((line) => lineAt(scanned, line));
  const isWritten = (line: string): boolean => line.trim() !== '';
  const first = lines.findIndex(isWritten);
  if (first < 0) return [];
  const end = lines.findLastIndex(isWritten) + 1;
  return [
    {
      section: area.section,
      text: lines.slice(first, end).join('\n'),
      gap: lines.slice(end),
      endsWithItem: startsItem(own.at(-1)?.text ?? ''),
    },
  ];
}

/** Returns the lines that define the link of Unreleased itself: nobody's text. */
function linesThatStay(scanned: ScannedChangelog): ReadonlySet<number> {
  return new Set(scanned.links.filter(({ label }) => isUnreleasedTitle(label)).map(({ line }) => line));
}

/** Lists everything that is written there, in order. */
export function listBlocks(scanned: ScannedChangelog, { from, to }: Region): readonly HandWrittenBlock[] {
  const heads = new Map(scanned.headings.map((other) => [other.line, other]));
  const stays = linesThatStay(scanned);
  const blocks: HandWrittenBlock[] = [];
  let section = '';
  for (let line = from; line < to; ) {
    const head = heads.get(line);
    if (head !== undefined) {
      section = head.text;
      line += head.lines;
      continue;
    }
    if (lineAt(scanned, line).trim() === '' || stays.has(line)) {
      line++;
      continue;
    }
    const endLine = startsComment(scanned, line)
      ? endOfComment(scanned, line, to)
      : endOfBlock(scanned, line, to, (other) => heads.has(other) || stays.has(other));
    const text = scanned.lines.slice(line, endLine).map(contentOf).join('\n').trimEnd();
    blocks.push({ section, text, firstLine: line, endLine });
    line = endLine;
  }
  return blocks;
}

function isText(text: string): boolean {
  return !isComment(text) && !placeholder.test(text.trim());
}

/** Whether the text is a comment and nothing else. */
function isComment(text: string): boolean {
  const bare = text.trim();
  if (!bare.startsWith(commentStart)) return false;
  const end = bare.indexOf(commentEnd, commentStart.length);
  return end < 0 || end + commentEnd.length === bare.length;
}

/**
 * Returns where a block ends: at the next list item, comment or heading, or at a blank line that no indented text
 * follows.
 */
function endOfBlock(
  scanned: ScannedChangelog,
  from: number,
  end: number,
  isBoundary: (line: number) => boolean,
): number {
  for (let line = from + 1; line < end; line++) {
    const isNewComment = startsComment(scanned, line);
    if (scanned.blocked.has(line) && !isNewComment) continue;
    if (isNewComment || isBoundary(line) || startsItem(lineAt(scanned, line))) return line;
    if (lineAt(scanned, line).trim() !== '') continue;
    const next = findText(scanned, line, end);
    if (!/^(?: {2}|\t)/.test(lineAt(scanned, next)) || isBoundary(next)) return line;
    line = next - 1;
  }
  return end;
}

function startsComment(scanned: ScannedChangelog, line: number): boolean {
  return lineAt(scanned, line).trimStart().startsWith(commentStart);
}

function endOfComment(scanned: ScannedChangelog, from: number, end: number): number {
  const first = lineAt(scanned, from);
  if (first.includes(commentEnd, first.indexOf(commentStart) + commentStart.length)) return from + 1;
  for (let line = from + 1; line < end; line++)
    if (lineAt(scanned, line).includes(commentEnd)) return line + 1;
  return end;
}

function startsItem(text: string): boolean {
  return /^ ?(?:[-*+]|\d{1,9}[.)])\s/.test(text);
}

/** Returns the next line that is not blank; `end` when there is none. */
function findText(scanned: ScannedChangelog, from: number, end: number): number {
  for (let line = from; line < end; line++) if (lineAt(scanned, line).trim() !== '') return line;
  return end;
}

function lineAt(scanned: ScannedChangelog, line: number): string {
  return contentOf(scanned.lines[line] ?? '');
}
