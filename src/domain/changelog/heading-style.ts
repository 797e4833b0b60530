import { compareNext } from './compare-url.ts';
import { findVersionIn, isSameVersion } from './heading-text.ts';
import { contentOf, type Heading, type ScannedChangelog } from './scan-changelog.ts';
import { findDate } from './written-date.ts';

/** How a file writes its versions, taken from the newest heading that has everything we need. */
export interface HeadingStyle {
  /** Level of the section headings below a version. */
  readonly sectionLevel: number;
  /** Mark of a list item: `-`, `*` or `+`. */
  readonly bullet: string;
  /** Writes the lines of a heading, without line endings. */
  readonly write: (version: string, date: string) => readonly string[];
}

const plainStyle: HeadingStyle = {
  sectionLevel: 3,
  bullet: '-',
  write: (version, date) => [`## [${version}] - ${date}`],
};

/** Finds the style of a file; Keep a Changelog's own form where the file has no version yet. */
export function findHeadingStyle(scanned: ScannedChangelog): HeadingStyle {
  const versions = scanned.headings.filter((heading) => heading.version !== undefined);
  const first = versions[0];
  const bullet = findBullet(scanned);
  if (first === undefined) return { ...plainStyle, bullet };
  const model = versions.find((heading) => findDate(heading.text) !== undefined) ?? first;
  const written = contentOf(scanned.lines[model.line] ?? '');
  const underline = model.form === 'setext' ? contentOf(scanned.lines[model.line + 1] ?? '').trim() : '';
  return {
    sectionLevel: Math.min(6, first.level + 1),
    bullet,
    write: (version, date) => {
      const line = writeLike(written, model, version, date, first.version ?? '');
      return underline === '' ? [line] : [line, underline.charAt(0).repeat(Math.max(3, line.length))];
    },
  };
}

function writeLike(written: string, model: Heading, version: string, date: string, newest: string): string {
  const offset = written.indexOf(model.text);
  const found = findVersionIn(offset < 0 ? written : model.text);
  if (found === undefined) return `## [${version}] - ${date}`;
  const base = offset < 0 ? 0 : offset;
  const before = written.slice(0, base + found.from);
  const rest = written.slice(base + found.to);
  const close = /^[\])*_`]*(?:\([^)]*\))?[\])*_`]*/.exec(rest)?.[0] ?? '';
  const link = rewriteLink(close, found.version, version, newest);
  const after = `${version}${link}${writeDate(rest.slice(close.length), date)}`.trimEnd();
  return `${before}${after}${closeBold(before, after)}`;
}

/** Returns the closing mark that went with the words of the model: left open, the line would be no heading. */
function closeBold(before: string, after: string): string {
  const mark = /^ {0,3}(\*\*|__)/.exec(before)?.[1] ?? '';
  return `${before.trimStart().slice(mark.length)}${after}`.includes(mark) ? '' : mark;
}

/** Makes a compare link go from the newest version so far to the new one, whatever the model's own link compared. */
function rewriteLink(close: string, own: string, version: string, newest: string): string {
  const url = /^[^(]*\(([^)]*)\)/.exec(close)?.[1];
  if (url === undefined) return close;
  const next = compareNext(
    url.replaceAll(own, () => newest),
    newest,
    version,
  );
  return close.replace(url, () => next ?? url.replaceAll(own, () => version));
}

/** Writes the date in its place; words around it (a code name) belong to the model's version only. */
function writeDate(rest: string, date: string): string {
  const found = findDate(rest);
  if (found === undefined) return /^\s*:\s*$/.test(rest) ? ':' : '';
  const before = rest.slice(0, found.from);
  const after = /^[\])*_`:]*/.exec(rest.slice(found.to))?.[0] ?? '';
  const isPlain = /^[^\p{L}\p{N}]*(?:released?(?: on)?:?\s*)?$/iu.test(before);
  return isPlain ? `${before}${found.write(date)}${after}` : ` - ${found.write(date)}`;
}

function findBullet(scanned: ScannedChangelog): string {
  const counts = new Map<string, number>();
  for (const line of scanned.lines) {
    const mark = /^\s{0,3}([-*+])\s/.exec(line)?.[1];
    if (mark !== undefined) counts.set(mark, (counts.get(mark) ?? 0) + 1);
  }
  const [best] = [...counts].toSorted((a, b) => b[1] - a[1]);
  return best?.[0] ?? '-';
}

/** Returns the heading that this version already has. */
export function findVersionHeading(scanned: ScannedChangelog, version: string): Heading | undefined {
  return scanned.headings.find(
    (heading) => heading.version !== undefined && isSameVersion(heading.version, version),
  );
}
