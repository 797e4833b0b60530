import { findBlocked } from './blocked-lines.ts';
import { findVersionIn, isBareTitle, isPendingTitle, isUnreleasedTitle } from './heading-text.ts';

export type HeadingForm = 'atx' | 'setext' | 'bold' | 'plain';

export interface Heading {
  /** Index of its first line. */
  readonly line: number;
  /** How many lines it takes: two when it is underlined. */
  readonly lines: number;
  /** Level of the heading, 1 to 6. */
  readonly level: number;
  readonly form: HeadingForm;
  /** The text without `#`, underline or stars. */
  readonly text: string;
  /** The version as it is written, without `v`; undefined when the heading names none. */
  readonly version: string | undefined;
  readonly isUnreleased: boolean;
  /** Whether the heading names a version and says that it is not published yet. */
  readonly isPending: boolean;
}

export interface LinkDefinition {
  readonly line: number;
  readonly label: string;
  readonly url: string;
}

/** A changelog as it is: nothing is normalised, and joining `lines` gives the file back. */
export interface ScannedChangelog {
  /** The lines, each with its own line ending. */
  readonly lines: readonly string[];
  readonly lineEnding: '\n' | '\r\n' | '\r';
  readonly headings: readonly Heading[];
  readonly links: readonly LinkDefinition[];
  /** Lines of fences, comments and verbatim HTML. */
  readonly blocked: ReadonlySet<number>;
  /** First line after a front matter; 0 when there is none. */
  readonly start: number;
}

const bom = '\uFEFF';
/** Longest line that is read: nobody writes a longer heading, and patterns take their time with long lines. */
const longestHeading = 500;
/** Level of a line that only stands for a heading. */
const looseLevel = 2;

/**
 * Finds headings outside of code fences, comments and front matter. A line in bold, or a bare version, counts as a
 * heading only where no real heading names a version.
 */
export function scanChangelog(text: string): ScannedChangelog {
  const lines = splitLines(text);
  const { blocked, start } = findBlocked(lines.map(contentOf));
  const found: Heading[] = [];
  const links: LinkDefinition[] = [];
  const at = (index: number): string => {
    const line = blocked.has(index) ? '' : contentOf(lines[index] ?? '');
    return line.length > longestHeading ? '' : line;
  };
  for (let index = start; index < lines.length; index++) {
    const link = readLink(at(index), index);
    if (link !== undefined) links.push(link);
    const heading = link === undefined ? readHeading(at(index), at(index + 1), index) : undefined;
    if (heading === undefined) continue;
    found.push(heading);
    index += heading.lines - 1;
  }
  const real = found.filter((heading) => heading.form === 'atx' || heading.form === 'setext');
  const bold = found.filter((heading) => heading.form === 'bold');
  const headings = pickForms(found, real, bold);
  return { lines, lineEnding: findLineEnding(text), headings, links, blocked, start };
}

/** Returns a line without its ending, and the first line without a byte order mark. */
export function contentOf(line: string): string {
  const bare = line.replace(/(?<![\r\n])[\r\n]+$/, '');
  return bare.startsWith(bom) ? bare.slice(1) : bare;
}

/** Returns where a version's own section ends: at the next section of that rank, or at the links at the end. */
export function endOfSection(scanned: ScannedChangelog, heading: Heading): number {
  const next = scanned.headings.find(
    (other) => other.line > heading.line && (isOfVersion(other) || isAbove(other, heading)),
  );
  if (next !== undefined) return next.line;
  return startOfTrailingLinks(scanned, heading.line + heading.lines);
}

/**
 * Returns where link definitions at the very end begin, blank lines before them included; the end of the file when
 * there are none.
 */
export function startOfTrailingLinks(scanned: ScannedChangelog, from: number): number {
  const defined = new Set(scanned.links.map((link) => link.line));
  let end = scanned.lines.length;
  let first = end;
  while (end > from) {
    const line = scanned.lines[end - 1] ?? '';
    if (defined.has(end - 1)) first = end - 1;
    else if (contentOf(line).trim() !== '') break;
    end--;
  }
  return first;
}

export function isOfVersion(heading: Heading): boolean {
  return heading.version !== undefined || heading.isUnreleased;
}

/**
 * Whether the other heading ends the section. Release tools write `### 1.0.1` above `### Fixed`: from the third level
 * on, only a higher heading ends a section.
 */
function isAbove(other: Heading, heading: Heading): boolean {
  return other.level < heading.level || (other.level === heading.level && heading.level < 3);
}

function pickForms(
  found: readonly Heading[],
  real: readonly Heading[],
  bold: readonly Heading[],
): readonly Heading[] {
  if (real.some((heading) => heading.version !== undefined)) return real;
  if (bold.some((heading) => heading.version !== undefined)) return [...real, ...bold].sort(byLine);
  return found.filter((heading) => heading.form !== 'bold');
}

function byLine(a: Heading, b: Heading): number {
  return a.line - b.line;
}

function splitLines(text: string): readonly string[] {
  return text.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? [];
}

function findLineEnding(text: string): ScannedChangelog['lineEnding'] {
  const count = (ending: RegExp): number => text.match(ending)?.length ?? 0;
  const both = count(/\r\n/g);
  const bare = count(/(?<!\r)\n/g);
  if (both > bare) return '\r\n';
  return bare === 0 && count(/\r/g) > 0 ? '\r' : '\n';
}

function readLink(line: string, index: number): LinkDefinition | undefined {
  // A title may follow the address.
  const found = /^ {0,3}\[([^\]]+)\]:\s*<?([^\s<>]+)>?(?:\s+["'(].*)?\s*$/.exec(line);
  return found === null ? undefined : { line: index, label: found[1] ?? '', url: found[2] ?? '' };
}

/** Longest line that is checked for a heading: the time of the checks grows faster than the line. */
const headingMax = 1_000;

function readHeading(line: string, next: string, index: number): Heading | undefined {
  if (line.length > headingMax) return undefined;
  return readAtx(line, index) ?? readUnderlined(line, next, index) ?? readLoose(line, index);
}

function readAtx(line: string, index: number): Heading | undefined {
  // Many people write `##1.0.0`, which is no heading but is meant as one.
  const found =
    /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/.exec(line) ??
    /^(#{1,6})(\[?(?:v?\d|unreleased).*)$/i.exec(line);
  return found === null ? undefined : heading(index, 1, found[1]?.length ?? 1, 'atx', found[2] ?? '');
}

function isPlainText(line: string): boolean {
  return line.trim() !== '' && !/^\s*(?:[-*+>|]|\d+[.)])\s/.test(line) && !/^ {4}/.test(line);
}

function readUnderlined(line: string, next: string, index: number): Heading | undefined {
  if (!isPlainText(line) || !/^ {0,3}(?:=+|-{2,})[ \t]*$/.test(next)) return undefined;
  return heading(index, 2, next.includes('=') ? 1 : 2, 'setext', line.trim());
}

function readLoose(line: string, index: number): Heading | undefined {
  const bold = /^ {0,3}(?:\*\*|__)(.+?)(?:\*\*|__)(.*)$/.exec(line);
  if (bold !== null) return versioned(heading(index, 1, looseLevel, 'bold', `${bold[1]}${bold[2]}`));
  const isShort =
    isPlainText(line) && line.length <= 60 && /^\[?(?:v?(?:ersion )?\d+\.\d+|unreleased\b)/i.test(line);
  const isTitle = isShort && (isUnreleasedTitle(line) || isBareTitle(line.trim()));
  return isTitle ? versioned(heading(index, 1, looseLevel, 'plain', line.trim())) : undefined;
}

function versioned(found: Heading): Heading | undefined {
  return isOfVersion(found) ? found : undefined;
}

function heading(line: number, lines: number, level: number, form: HeadingForm, text: string): Heading {
  const isUnreleased = isUnreleasedTitle(text);
  return {
    line,
    lines,
    level,
    form,
    text,
    version: isUnreleased ? undefined : findVersionIn(text)?.version,
    isUnreleased,
    isPending: isPendingTitle(text),
  };
}
