/** Lines in which nothing is a heading: fences, comments and verbatim HTML. */
export interface Blocked {
  readonly blocked: ReadonlySet<number>;
  /** First line after a front matter; 0 when there is none. */
  readonly start: number;
}

interface Fence {
  readonly mark: string;
  readonly length: number;
}

const verbatim = /^ {0,3}<(pre|script|style|textarea)[\s>]/i;

/** What has no end from here on, so that nobody looks for it twice. */
interface Endless {
  /** The shortest of each mark. */
  readonly fences: Map<string, number>;
  /** Tags, and `<!--`. */
  readonly others: Set<string>;
}

export function findBlocked(lines: readonly string[]): Blocked {
  const blocked = new Set<number>();
  const start = endOfFrontMatter(lines);
  const endless: Endless = { fences: new Map(), others: new Set() };
  let index = start;
  while (index < lines.length) {
    const end = endOfBlock(lines, index, endless);
    for (let line = index; line < end; line++) blocked.add(line);
    index = Math.max(end, index + 1);
  }
  return { blocked, start };
}

/**
 * Returns the line after the block that begins here; the same line when none does. A block that nobody closed is a slip: it
 * takes its first line only, so that the versions below it are found.
 */
function endOfBlock(lines: readonly string[], index: number, endless: Endless): number {
  const line = lines[index] ?? '';
  const fence = openFence(line);
  if (fence !== undefined) return endOfFence(lines, index, fence, endless);
  const comment = line.indexOf('<!--');
  if (comment >= 0 && line.slice(0, comment).trim() === '') {
    if (line.includes('-->', comment + 4)) return index + 1;
    return endOfOther(lines, index, '<!--', endless, (other) => other.includes('-->'));
  }
  const tag = verbatim.exec(line)?.[1]?.toLowerCase();
  if (tag === undefined) return index;
  if (line.toLowerCase().includes(`</${tag}>`)) return index + 1;
  return endOfOther(lines, index, tag, endless, (other) => other.toLowerCase().includes(`</${tag}>`));
}

function endOfFence(lines: readonly string[], index: number, fence: Fence, { fences }: Endless): number {
  if (fence.length >= (fences.get(fence.mark) ?? Number.POSITIVE_INFINITY)) return index + 1;
  const end = findBehind(lines, index + 1, (other) => closesFence(other, fence));
  if (end === undefined) fences.set(fence.mark, fence.length);
  return end ?? index + 1;
}

function endOfOther(
  lines: readonly string[],
  index: number,
  kind: string,
  { others }: Endless,
  closes: (line: string) => boolean,
): number {
  if (others.has(kind)) return index + 1;
  const end = findBehind(lines, index + 1, closes);
  if (end === undefined) others.add(kind);
  return end ?? index + 1;
}

function findBehind(
  lines: readonly string[],
  from: number,
  closes: (line: string) => boolean,
): number | undefined {
  for (let index = from; index < lines.length; index++) if (closes(lines[index] ?? '')) return index + 1;
  return undefined;
}

/** Opens a fence at any depth, since list items have fences too. */
function openFence(line: string): Fence | undefined {
  const found = /^\s*(?:[-*+]\s+)?(`{3,}|~{3,})([^`]*)$/.exec(line);
  const marks = found?.[1];
  return marks === undefined ? undefined : { mark: marks.charAt(0), length: marks.length };
}

function closesFence(line: string, fence: Fence): boolean {
  const marks = /^\s*(`{3,}|~{3,})\s*$/.exec(line)?.[1];
  return marks?.startsWith(fence.mark) === true && marks.length >= fence.length;
}

function endOfFrontMatter(lines: readonly string[]): number {
  if (lines[0]?.trimEnd() !== '---') return 0;
  const end = lines.findIndex((line, index) => index > 0 && /^(?:---|\.\.\.)\s*$/.test(line));
  const isMatter = end > 0 && /^[\w-]+\s*:/.test(lines[1] ?? '');
  return isMatter ? end + 1 : 0;
}
