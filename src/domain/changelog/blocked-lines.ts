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

export function findBlocked(lines: readonly string[]): Blocked {
  const blocked = new Set<number>();
  const start = endOfFrontMatter(lines);
  let index = start;
  while (index < lines.length) {
    const end = endOfBlock(lines, index);
    for (let line = index; line < end; line++) blocked.add(line);
    index = Math.max(end, index + 1);
  }
  return { blocked, start };
}

/**
 * Returns the line after the block that begins here; the same line when none does. A block without an end goes on to
 * the last line.
 */
function endOfBlock(lines: readonly string[], index: number): number {
  const line = lines[index] ?? '';
  const fence = openFence(line);
  if (fence !== undefined) return behind(lines, index + 1, (other) => closesFence(other, fence));
  const comment = line.indexOf('<!--');
  if (comment >= 0 && line.slice(0, comment).trim() === '') {
    const isClosed = line.includes('-->', comment + 4);
    return isClosed ? index + 1 : behind(lines, index + 1, (other) => other.includes('-->'));
  }
  const tag = verbatim.exec(line)?.[1]?.toLowerCase();
  if (tag === undefined) return index;
  return behind(lines, index, (other) => other.toLowerCase().includes(`</${tag}>`));
}

function behind(lines: readonly string[], from: number, closes: (line: string) => boolean): number {
  for (let index = from; index < lines.length; index++) if (closes(lines[index] ?? '')) return index + 1;
  return lines.length;
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
