import type { Detected } from './detected.ts';
import { decodePercent, findKeyMarkers, type KeyMarker } from './key-markers.ts';

/** Enough for a key of 16,384 bits, escaped and quoted line by line. */
const longestKey = 16_000;
/** The end of the key, or the start of another block: text after it does not belong to this key's first line. */
const end = /-{4,5} ?(?:END|BEGIN) /;
/** Line ends as written in source code, JSON and XML, including doubled backslashes. */
const escapes = /\\{1,4}(?:[nrt]|u000[aAdD9]|x0[aAdD9])|\\{1,4}\r?\n|&#(?:x0*[aAdD]|0*1[03]);|%0[aAdD]/g;
/** Headers of encrypted keys (RFC 1421) and comments of PGP and SSH2 blocks. */
const header = /(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|MessageID|Subject): ?[^\n"'`\\]{0,200}/g;
/** The shortest keys (Ed25519) have 64 characters. */
const shortestPayload = 60;
/** Characters before each line of a key inside a comment or a list. */
const margin = /^[ \t/*#>|:;,+-]{0,40}/;
const wholeLine = /^([A-Za-z0-9+/]{2,16000}={0,2})[ \t,;]{0,20}$/;

/** Keys of PuTTY, and of .NET in XML; the private key is the last part of each. */
const otherForms: readonly (readonly [start: RegExp, key: RegExp])[] = [
  [/PuTTY-User-Key-File-[123]: /g, /Private-Lines: \d{1,4}([^-]{40,12000})/],
  [/<RSAKeyValue>/g, /<D>([^<]{60,12000})<\/D>/],
];

/**
 * Finds private keys in text: of any algorithm, on one piece, with escaped line ends, or joined from strings line by
 * line. The text between the first and the last line must be a key, so code that searches for keys, and manuals, are
 * not reported.
 */
export function findPrivateKeys(text: string): readonly Detected[] {
  const armoured = cutWindows(text, findKeyMarkers(text)).flatMap(({ algorithm, start, from, window }) => {
    const written = decodePercent(window);
    const last = written.search(end);
    const inside = last < 0 ? written : written.slice(0, last);
    return tell(readKey(inside, algorithm), start, from + inside.length);
  });
  const others = otherForms.flatMap(([first, key]) =>
    cutWindows(text, findStarts(text, first)).flatMap(({ start, from, window }) => {
      const payload = keepLetters((key.exec(window)?.[1] ?? '').replaceAll(escapes, ''));
      const isOne = payload.length >= shortestPayload && isMixed(payload);
      return tell(isOne ? payload : undefined, start, from + window.length);
    }),
  );
  return [...armoured, ...others];
}

function tell(value: string | undefined, start: number, end: number): readonly Detected[] {
  return value === undefined ? [] : [{ kind: 'a private key', start, end, value }];
}

function findStarts(text: string, first: RegExp): readonly KeyMarker[] {
  return [...text.matchAll(first)].map(({ index: start, 0: found }) => {
    return { start, from: start + found.length, algorithm: '' };
  });
}

/** Returns the text after each marker in the same file, up to the next marker, so that no text is examined twice. */
function cutWindows(text: string, starts: readonly KeyMarker[]) {
  return starts.map(({ start, from, algorithm }, at) => {
    const rest = text.slice(from, Math.min(from + longestKey, starts[at + 1]?.start ?? text.length));
    // No text contains this character; it separates files that are searched together.
    const [window = ''] = rest.split('\0', 1);
    return { algorithm, start, from, window };
  });
}

function readKey(between: string, algorithm: string): string | undefined {
  const lines = joinLines(between);
  const strings = joinStrings(between);
  // PGP, SSH2 and encrypted keys are random from their first byte, without a structure to check: the mix of letters
  // must distinguish them from prose, and only in whole lines or strings.
  if (/^(?:PGP|SSH2)/.test(algorithm) || between.includes('DEK-Info:')) {
    return [lines, strings].find((payload) => payload.length >= shortestPayload && isMixed(payload));
  }
  return [lines, strings, keepLetters(between.replaceAll(escapes, ''))].find(
    (payload) =>
      payload.length >= shortestPayload && (payload.startsWith(openSshStart) || isSequence(payload)),
  );
}

/** `openssh-key-v1` in base64 (PROTOCOL.key of OpenSSH). */
const openSshStart = 'b3BlbnNzaC1rZXktdj';

function joinLines(between: string): string {
  const lines = between
    .replaceAll(escapes, '\n')
    .replaceAll(header, '\n')
    .replaceAll(/["'`\r]/g, '')
    .split('\n');
  const readLine = (line: string): string | undefined => wholeLine.exec(line)?.[1];
  // The first line of a key begins with a letter; in later lines, `/` and `+` may be part of the key and not of the
  // margin.
  const first = lines.find((line) => readLine(line.replace(margin, '')) !== undefined) ?? '';
  const before = margin.exec(first)?.[0] ?? '';
  return lines
    .flatMap((line) => readLine(line.startsWith(before) ? line.slice(before.length) : line.trim()) ?? [])
    .join('');
}

/** Joins the contents of string literals; the first quote closes the string in which the key began. */
function joinStrings(between: string): string {
  const quote = /["'`]/.exec(between)?.[0];
  if (quote === undefined) return '';
  const inside = between.split(quote).filter((_, index) => index % 2 === 0);
  return keepLetters(inside.join('\n').replaceAll(escapes, '\n').replaceAll(header, '\n'));
}

function keepLetters(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9+/=]/g, '');
}

function isMixed(payload: string): boolean {
  return [/[A-Z]/g, /[a-z]/g, /\d/g].every(
    (kind) => (payload.match(kind)?.length ?? 0) > payload.length / 30,
  );
}

/** Checks DER (X.690): a sequence of the stated length that begins with a version or with its encryption algorithm. */
function isSequence(payload: string): boolean {
  const bytes = Buffer.from(payload, 'base64');
  const inner = readSequence(bytes);
  return inner !== undefined && inner.length <= bytes.length && [0x02, 0x30].includes(bytes[inner.at] ?? 0);
}

interface Sequence {
  /** Offset at which the content begins. */
  readonly at: number;
  /** Length of the whole sequence, with its header. */
  readonly length: number;
}

function readSequence(bytes: Buffer): Sequence | undefined {
  if (bytes[0] !== 0x30) return undefined;
  const first = bytes[1] ?? 0;
  if (first < 0x80) return { at: 2, length: 2 + first };
  const count = first - 0x80;
  if (count < 1 || count > 3 || bytes.length < 2 + count) return undefined;
  return { at: 2 + count, length: 2 + count + bytes.readUIntBE(2, count) };
}

/** PKCS #1, SEC1 and PKCS #8 begin with their version (0 or 1), followed by a number, a key or an algorithm. */
const keyHeads = [
  [2, 1, 0, 2],
  [2, 1, 0, 0x30],
  [2, 1, 1, 4],
  [2, 1, 1, 0x30],
].map((head) => Buffer.from(head));
/** PKCS #12: object ids of pkcs-12-pkcs8ShroudedKeyBag and pkcs-12-keyBag, without their last byte. */
const keyBag = Buffer.from('2a864886f70d010c0a01', 'hex');
/**
 * Magic numbers of Java key stores. Magic number, version and count come first; each entry begins with its tag, 1 for a
 * private key.
 */
const javaStores: readonly number[] = [0xfeedfeed, 0xcececece];

const sunProtection = Buffer.from('2b060104012a02', 'hex');

/**
 * Returns the kind of private key or key store that a binary file is; undefined for others, including stores that hold
 * only certificates.
 */
export function findBinaryKey(bytes: Buffer): string | undefined {
  if (bytes.length < 16) return undefined;
  if (javaStores.includes(bytes.readUInt32BE(0))) return hasJavaKey(bytes) ? 'a key store' : undefined;
  const sequence = readSequence(bytes);
  if (sequence?.length !== bytes.length) return undefined;
  const head = bytes.subarray(sequence.at, sequence.at + 4);
  if (keyHeads.some((known) => known.equals(head))) return 'a private key';
  const bag = bytes.indexOf(keyBag);
  return bag >= 0 && [1, 2].includes(bytes[bag + keyBag.length] ?? 0) ? 'a key store' : undefined;
}

function hasJavaKey(bytes: Buffer): boolean {
  const first = bytes.readUInt32BE(12);
  if (bytes.readUInt32BE(8) === 0) return false;
  // When the first entry is a certificate, a later private key shows by its encryption: Sun's 1.3.6.1.4.1.42.2.17.1.1
  // or 19.1.
  return first === 1 || first === 3 || bytes.includes(sunProtection);
}
