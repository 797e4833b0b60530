import { compareWritten, isSameVersion } from './heading-text.ts';

/** A version inside of an address: `v1.0.0`, `GTv1.0.0`, `core%401.0.0`; a single number is no version. */
const versionShape = /(?<!\d)\d+(?:\.\d+){1,3}(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?/g;

interface Token {
  readonly from: number;
  readonly text: string;
}

/**
 * Moves an address that compares the newest version with what is not published yet, so that it compares from this
 * version on; the tag keeps its form. Undefined for an address that compares nothing, or that compares with this
 * version or a later one already.
 */
export function moveCompareOn(url: string, version: string): string | undefined {
  const compared = readCompared(url);
  if (compared === undefined) return undefined;
  const { tokens, dots } = compared;
  const left = dots === undefined ? [] : tokens.filter(({ from }) => from < dots);
  // `HEAD..v1.0.0` and `HEAD%0Dv1.0.0` name the older version last.
  const token = left.at(-1) ?? (tokens.length === 1 ? tokens[0] : undefined);
  if (token === undefined || (compareWritten(token.text, version) ?? 0) >= 0) return undefined;
  return replaceToken(url, token, version);
}

/**
 * Returns the address of the next comparison: `…/compare/1.0.0...1.1.0` of version 1.1.0 → `…/compare/1.1.0...1.2.0`.
 * Undefined for any other address.
 */
export function compareNext(url: string, own: string, version: string): string | undefined {
  const compared = readCompared(url);
  if (compared === undefined) return undefined;
  const { dots, start, tokens } = compared;
  const isOwn = ({ text }: Token): boolean => isSameVersion(text, own);
  const newer = tokens.find((token) => isOwn(token) && (dots === undefined || token.from > dots));
  if (newer === undefined) return undefined;
  return dots === undefined
    ? swapTokens(url, tokens, newer, version)
    : goOn(url, { start, dots }, newer, version);
}

/** Makes the newer tag the older one as it is: both tags may have other prefixes. */
function goOn(
  url: string,
  at: { readonly start: number; readonly dots: number },
  newer: Token,
  version: string,
): string {
  const marks = url.startsWith('...', at.dots) ? 3 : 2;
  const to = url.slice(at.dots + marks);
  const end = /[?#)]/.exec(to)?.index ?? to.length;
  const next = replaceToken(to, shift(newer, at.dots + marks), version);
  return `${url.slice(0, at.start)}${to.slice(0, end)}${'.'.repeat(marks)}${next}`;
}

/** Handles an address that names both versions in another way than around dots. */
function swapTokens(
  url: string,
  tokens: readonly Token[],
  newer: Token,
  version: string,
): string | undefined {
  const older = tokens.find((token) => token !== newer);
  if (tokens.length !== 2 || older === undefined) return undefined;
  // From the end, so that what comes before keeps its place.
  return [older, newer]
    .toSorted((a, b) => b.from - a.from)
    .reduce((text, token) => replaceToken(text, token, token === older ? newer.text : version), url);
}

/**
 * Makes the address that compares a version with the one before, out of an address that compares that one with the
 * newest commit.
 */
export function compareTo(url: string, version: string): string | undefined {
  const found = /^(.{1,2000}?)(\.{2,3})(?:HEAD|main|master|develop|dev|trunk)$/i.exec(url);
  const compared = readCompared(url);
  const token = compared?.tokens.at(-1);
  if (found === null || compared === undefined || token === undefined) return undefined;
  const [, left = '', marks = ''] = found;
  return `${left}${marks}${replaceToken(left.slice(compared.start), shift(token, compared.start), version)}`;
}

/** Reads the versions of an address behind the word that says that it compares. */
function readCompared(
  url: string,
):
  | { readonly start: number; readonly tokens: readonly Token[]; readonly dots: number | undefined }
  | undefined {
  const word = [...url.matchAll(/compare[/?]/gi)].at(-1);
  // Percent signs hide digits that belong to no version.
  const shown = url.replaceAll(/%[0-9a-f]{2}/gi, '///');
  const dotted = /\.{2,3}(?!\.)/.exec(url.slice(url.lastIndexOf('://') + 3));
  if (word === undefined && dotted === null) return undefined;
  const start =
    word === undefined ? url.lastIndexOf('/', url.indexOf('..')) + 1 : word.index + word[0].length;
  const dots = /\.{2,3}(?!\.)/.exec(url.slice(start));
  const tokens = [...shown.slice(start).matchAll(versionShape)].map(
    (found): Token => ({ from: start + found.index, text: found[0] }),
  );
  return { start, tokens, dots: dots === null ? undefined : start + dots.index };
}

function shift({ from, text }: Token, by: number): Token {
  return { from: from - by, text };
}

function replaceToken(text: string, token: Token, version: string): string {
  return `${text.slice(0, token.from)}${version}${text.slice(token.from + token.text.length)}`;
}
