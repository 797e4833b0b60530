import { contentOf, endOfSection, type Heading, type ScannedChangelog } from './scan-changelog.ts';

/** A list item with what belongs to it, or a paragraph, below Unreleased. */
export interface HandWrittenBlock {
  /** The sub-heading's text; '' above the first one. */
  readonly section: string;
  /** Its lines joined by \n, as they are written. */
  readonly text: string;
  readonly firstLine: number;
  /** Behind its last line. */
  readonly endLine: number;
}

/** What people write where nothing is to be said. */
const placeholder = /^(?:[-*+]\s*)?(?:n\/?a|none|nothing(?: yet)?|tbd|todo|\.{3}|…|_+)?[.!]?$/i;

export function findUnreleased(scanned: ScannedChangelog): Heading | undefined {
  return scanned.headings.find((heading) => heading.isUnreleased);
}

/** What people wrote below Unreleased, in order. Comments and placeholders stay where they are. */
export function listHandWritten(scanned: ScannedChangelog): readonly HandWrittenBlock[] {
  const heading = findUnreleased(scanned);
  if (heading === undefined) return [];
  const end = endOfSection(scanned, heading);
  const heads = new Map(scanned.headings.map((other) => [other.line, other]));
  const blocks: HandWrittenBlock[] = [];
  let section = '';
  for (let line = heading.line + heading.lines; line < end; ) {
    const head = heads.get(line);
    if (head !== undefined) {
      section = head.text;
      line += head.lines;
      continue;
    }
    if (lineAt(scanned, line).trim() === '') {
      line++;
      continue;
    }
    const endLine = endOfBlock(scanned, line, end, heads);
    const text = scanned.lines.slice(line, endLine).map(contentOf).join('\n').trimEnd();
    if (isMeant(text)) blocks.push({ section, text, firstLine: line, endLine });
    line = endLine;
  }
  return blocks;
}

function isMeant(text: string): boolean {
  return !text.trimStart().startsWith('<!--') && !placeholder.test(text.trim());
}

/** Up to the next list item or heading, or a blank line that nothing indented follows. */
function endOfBlock(
  scanned: ScannedChangelog,
  from: number,
  end: number,
  heads: ReadonlyMap<number, Heading>,
): number {
  for (let line = from + 1; line < end; line++) {
    const text = lineAt(scanned, line);
    const isComment = text.trimStart().startsWith('<!--');
    if (scanned.blocked.has(line) && !isComment) continue;
    if (isComment || heads.has(line) || startsItem(text)) return line;
    if (text.trim() !== '') continue;
    const next = findText(scanned, line, end);
    if (!/^(?: {2}|\t)/.test(lineAt(scanned, next))) return line;
    line = next - 1;
  }
  return end;
}

function startsItem(text: string): boolean {
  return /^ ?(?:[-*+]|\d+[.)])\s/.test(text);
}

/** The next line that is not blank; the end without one. */
function findText(scanned: ScannedChangelog, from: number, end: number): number {
  for (let line = from; line < end; line++) if (lineAt(scanned, line).trim() !== '') return line;
  return end;
}

function lineAt(scanned: ScannedChangelog, line: number): string {
  return contentOf(scanned.lines[line] ?? '');
}

/**
 * The lines to take out when these blocks move into a version: the blocks as they stood, and sub-headings that are
 * empty because of it. What somebody wrote since stays.
 */
export function findMovedLines(scanned: ScannedChangelog, moved: readonly string[]): ReadonlySet<number> {
  const left = new Map([...Map.groupBy(moved, (text) => text)].map(([text, same]) => [text, same.length]));
  const taken = new Set<number>();
  const touched = new Set<string>();
  const kept = new Set<string>();
  for (const block of listHandWritten(scanned)) {
    const count = left.get(block.text) ?? 0;
    if (count === 0) {
      kept.add(block.section);
      continue;
    }
    left.set(block.text, count - 1);
    touched.add(block.section);
    for (let line = block.firstLine; line < block.endLine; line++) taken.add(line);
  }
  for (const line of listEmptied(scanned, touched, kept, taken)) taken.add(line);
  return taken;
}

/** Lines of sub-headings below Unreleased that have nothing left and had something before. */
function listEmptied(
  scanned: ScannedChangelog,
  touched: ReadonlySet<string>,
  kept: ReadonlySet<string>,
  taken: ReadonlySet<number>,
): readonly number[] {
  const heading = findUnreleased(scanned);
  if (heading === undefined) return [];
  const end = endOfSection(scanned, heading);
  const subs = scanned.headings.filter((other) => other.line > heading.line && other.line < end);
  return subs.flatMap((sub, index) => {
    if (!touched.has(sub.text) || kept.has(sub.text)) return [];
    const first = sub.line + sub.lines;
    const rest = scanned.lines.slice(first, subs[index + 1]?.line ?? end);
    const isEmpty = rest.every((line, at) => taken.has(first + at) || contentOf(line).trim() === '');
    return isEmpty ? Array.from({ length: sub.lines }, (_, at) => sub.line + at) : [];
  });
}
