export interface DuplicateKey {
  readonly key: string;
  /** Line of the second key, counted from 1. */
  readonly line: number;
}

const foundMax = 20;
const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|\n/g;

/**
 * Finds keys that one object has twice. The text has to be JSON. Iterative, because a hostile repository can choose
 * the depth.
 */
export function findDuplicateKeys(text: string): readonly DuplicateKey[] {
  const found: DuplicateKey[] = [];
  /** The keys of each open object; undefined for a list. */
  const open: (Set<string> | undefined)[] = [];
  let line = 1;
  let last = '';
  for (const [piece] of text.matchAll(token)) {
    if (piece === '\n') {
      line++;
      continue;
    }
    if (piece === ':' && isSecond(open.at(-1), last)) {
      found.push({ key: last.slice(1, -1).slice(0, 80).toWellFormed(), line });
      if (found.length === foundMax) break;
    }
    openOrClose(open, piece);
    last = piece;
  }
  return found;
}

function isSecond(keys: Set<string> | undefined, key: string): boolean {
  const isKnown = keys?.has(key) ?? false;
  keys?.add(key);
  return isKnown;
}

function openOrClose(open: (Set<string> | undefined)[], piece: string): void {
  if (piece === '{') open.push(new Set());
  else if (piece === '[') open.push(undefined);
  else if (piece === '}' || piece === ']') open.pop();
}
