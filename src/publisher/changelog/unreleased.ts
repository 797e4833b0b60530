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
const placeholder = /^\s*(?:[-*+]\s*)?(?:n\/?a|none|nothing(?: yet)?|tbd|todo|\.{3}|…|_+)?[.!]?\s*$/i;

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
  return !text.trimStart().startsWith('<!--') && !placeholder.test(text);
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
    if (text.trim() === '' && !isContinued(scanned, line, end)) return line;
  }
  return end;
}

function startsItem(text: string): boolean {
  return /^ ?(?:[-*+]|\d+[.)])\s/.test(text);
}

function isContinued(scanned: ScannedChangelog, blank: number, end: number): boolean {
  for (let line = blank + 1; line < end; line++) {
    const text = lineAt(scanned, line);
    if (text.trim() !== '') return /^(?: {2}|\t)/.test(text);
  }
  return false;
}

function lineAt(scanned: ScannedChangelog, line: number): string {
  return contentOf(scanned.lines[line] ?? '');
}

/**
 * The lines to take out when these blocks move into a version: the blocks as they stood, and sub-headings that are
 * empty because of it. What somebody wrote since stays.
 */
export function findMovedLines(scanned: ScannedChangelog, moved: readonly string[]): ReadonlySet<number> {
  const left = [...moved];
  const taken = new Set<number>();
  const touched = new Set<string>();
  const kept = new Set<string>();
  for (const block of listHandWritten(scanned)) {
    const index = left.indexOf(block.text);
    if (index < 0) {
      kept.add(block.section);
      continue;
    }
    left.splice(index, 1);
    touched.add(block.section);
    for (let line = block.firstLine; line < block.endLine; line++) taken.add(line);
  }
  for (const section of touched) if (!kept.has(section)) takeSubHeading(scanned, section, taken);
  return taken;
}

function takeSubHeading(scanned: ScannedChangelog, section: string, taken: Set<number>): void {
  const heading = findUnreleased(scanned);
  if (heading === undefined || section === '') return;
  const end = endOfSection(scanned, heading);
  const sub = scanned.headings.find(
    (other) => other.line > heading.line && other.line < end && other.text === section,
  );
  if (sub === undefined) return;
  const next = scanned.headings.find((other) => other.line > sub.line)?.line ?? end;
  const rest = scanned.lines.slice(sub.line + sub.lines, Math.min(next, end));
  const isEmpty = rest.every(
    (line, index) => taken.has(sub.line + sub.lines + index) || contentOf(line).trim() === '',
  );
  if (!isEmpty) return;
  for (let line = sub.line; line < sub.line + sub.lines; line++) taken.add(line);
}
