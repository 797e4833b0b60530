import { contentOf, type Heading, type ScannedChangelog } from './scan-changelog.ts';
import { findRegion, listBlocks, type Region } from './unreleased.ts';

/**
 * Returns the lines to take out when these blocks move into a version: the blocks as they were, and sub-headings that
 * are empty because of it. What somebody wrote since stays.
 */
export function findMovedLines(scanned: ScannedChangelog, moved: readonly string[]): ReadonlySet<number> {
  const region = findRegion(scanned);
  if (region === undefined || moved.length === 0) return new Set();
  const left = new Map([...Map.groupBy(moved, (text) => text)].map(([text, same]) => [text, same.length]));
  const taken = new Set<number>();
  const touched = new Set<string>();
  const kept = new Set<string>();
  for (const block of listBlocks(scanned, region)) {
    const count = left.get(block.text) ?? 0;
    if (count === 0) {
      kept.add(block.section);
      continue;
    }
    left.set(block.text, count - 1);
    touched.add(block.section);
    for (let line = block.firstLine; line < block.endLine; line++) taken.add(line);
  }
  for (const line of listEmptied(scanned, region, touched, kept, taken)) taken.add(line);
  return taken;
}

/** Lists the lines of sub-headings below Unreleased that have nothing left and had something before. */
function listEmptied(
  scanned: ScannedChangelog,
  { from, to }: Region,
  touched: ReadonlySet<string>,
  kept: ReadonlySet<string>,
  taken: ReadonlySet<number>,
): readonly number[] {
  const emptied: number[] = [];
  // From the end: a sub-heading above others goes when all of them go.
  let goes = true;
  for (const { below, end, sub } of listSubs(scanned, from, to).toReversed()) {
    const hadText: boolean = below > 0 ? goes : touched.has(sub.text);
    const isEmpty: boolean = hadText && !kept.has(sub.text) && isBlank(scanned, sub, end, taken);
    goes = isEmpty && (below < 0 || goes);
    if (isEmpty) emptied.push(...linesOf(sub));
  }
  return emptied;
}

interface Sub {
  readonly sub: Heading;
  /** Line at which the next sub-heading begins. */
  readonly end: number;
  /** How many ranks the next sub-heading is below this one; negative when it is above, and for the last one. */
  readonly below: number;
}

function listSubs({ headings }: ScannedChangelog, from: number, to: number): readonly Sub[] {
  const subs = headings.filter(({ line }) => line >= from && line < to);
  return subs.map((sub, index) => {
    const next = subs[index + 1];
    return { sub, end: next?.line ?? to, below: (next?.level ?? 0) - sub.level };
  });
}

function linesOf({ line, lines }: Heading): readonly number[] {
  return Array.from({ length: lines }, (_, at) => line + at);
}

function isBlank(
  { lines }: ScannedChangelog,
  sub: Heading,
  end: number,
  taken: ReadonlySet<number>,
): boolean {
  const first = sub.line + sub.lines;
  return lines.slice(first, end).every((line, at) => taken.has(first + at) || contentOf(line).trim() === '');
}
