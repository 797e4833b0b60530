type Expected = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end' | 'nothing';

interface Scan {
  readonly text: string;
  readonly open: ('{' | '[')[];
  at: number;
  expected: Expected;
}

const blank = new Set([' ', '\t', '\n', '\r']);
const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const escapeSequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/**
 * Returns the offset where the text stops being JSON (RFC 8259): its length when it ends too early, undefined when it
 * is JSON. V8 names the place in some of its messages only. Iterative, because a hostile file can choose the depth.
 */
export function findJsonError(text: string): number | undefined {
  const scan: Scan = { text, open: [], at: 0, expected: 'value' };
  for (;;) {
    while (blank.has(text[scan.at] ?? '')) scan.at++;
    const here = text[scan.at];
    if (here === undefined) return scan.expected === 'nothing' ? undefined : scan.at;
    if (!readToken(scan, here)) return scan.at;
  }
}

/** Reads one token: each reader moves past its token, or returns false with `at` where it cannot go on. */
function readToken(scan: Scan, here: string): boolean {
  switch (scan.expected) {
    case 'colon':
      return here === ':' && take(scan, 'value');
    case 'comma-or-end':
      return here === ',' ? take(scan, afterComma(scan)) : close(scan, here);
    case 'key':
      return here === '"' && readString(scan, 'colon');
    case 'key-or-end':
      return here === '"' ? readString(scan, 'colon') : close(scan, here);
    default:
      return scan.expected !== 'nothing' && readValue(scan, here);
  }
}

function readValue(scan: Scan, here: string): boolean {
  if (here === '{' || here === '[') {
    scan.open.push(here);
    return take(scan, here === '{' ? 'key-or-end' : 'value-or-end');
  }
  if (here === '"') return readString(scan, afterValue(scan));
  if (here === ']' && scan.expected === 'value-or-end') return close(scan, here);
  const length = lengthAt(scalar, scan);
  return length > 0 && take(scan, afterValue(scan), length);
}

function readString(scan: Scan, next: Expected): boolean {
  for (scan.at++; ; ) {
    const here = scan.text[scan.at];
    if (here === '"') return take(scan, next);
    if (here === undefined || here < ' ') return false;
    const length = here === '\\' ? lengthAt(escapeSequence, scan) : 1;
    if (length === 0) return false;
    scan.at += length;
  }
}

function close(scan: Scan, here: string): boolean {
  if (here !== (scan.open.at(-1) === '{' ? '}' : ']')) return false;
  scan.open.pop();
  return take(scan, afterValue(scan));
}

function afterComma(scan: Scan): Expected {
  return scan.open.at(-1) === '{' ? 'key' : 'value';
}

function afterValue(scan: Scan): Expected {
  return scan.open.length === 0 ? 'nothing' : 'comma-or-end';
}

function lengthAt(pattern: RegExp, scan: Scan): number {
  pattern.lastIndex = scan.at;
  return pattern.exec(scan.text)?.[0].length ?? 0;
}

function take(scan: Scan, next: Expected, length = 1): true {
  scan.at += length;
  scan.expected = next;
  return true;
}
