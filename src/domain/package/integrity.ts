import ssri from 'ssri';
import type { Integrity } from './packument.ts';

/** Hashes that registries show, strongest first, with their length in hexadecimal digits. */
const algorithms = [
  ['sha512', 128],
  ['sha384', 96],
  ['sha256', 64],
  ['sha1', 40],
] as const;

/** The hashes that are known of bytes of ours. */
export interface OwnHashes {
  readonly integrity: string;
  /** Hex SHA-1. */
  readonly shasum?: string | undefined;
}

/**
 * Reads the hashes of a `dist`, strongest first: all that are well-formed, but only the SHA-512 when there is one.
 * Undefined when there is none. Both arguments are hostile.
 */
export function readHashes(integrity: unknown, shasum: unknown): Integrity | undefined {
  const texts = [integrity, writeSha1(shasum)].filter((text) => typeof text === 'string');
  const parsed = ssri.parse(texts.join(' '));
  const written = algorithms.flatMap(([algorithm, digits]) =>
    (parsed?.[algorithm] ?? [])
      .map((hash) => hash.hexDigest())
      .filter((digest) => digest.length === digits)
      .map((digest) => ({ algorithm, text: ssri.fromHex(digest, algorithm).toString() })),
  );
  const strong = written.filter(({ algorithm }) => algorithm === 'sha512');
  const kept = [...new Set((strong.length > 0 ? strong : written).map(({ text }) => text))];
  return kept.length === 0 ? undefined : (kept.join(' ') as Integrity);
}

/**
 * Compares the hashes that are shown with those of our bytes, by the strongest algorithm that both sides have.
 * `unknown` when they have none in common: then only the bytes themselves can decide.
 */
export function compareHashes(shown: string | undefined, ours: OwnHashes): 'same' | 'other' | 'unknown' {
  const theirs = ssri.parse(shown ?? '');
  const known = ssri.parse([ours.integrity, writeSha1(ours.shasum)].join(' '));
  const shared = algorithms.find(([algorithm]) => theirs?.[algorithm] && known?.[algorithm])?.[0];
  if (shared === undefined) return 'unknown';
  const expected = new Set(known?.[shared]?.map((hash) => hash.hexDigest()));
  return theirs?.[shared]?.some((hash) => expected.has(hash.hexDigest())) === true ? 'same' : 'other';
}

/** Returns the algorithm to hash bytes with before they are compared with shown hashes; SHA-512 when none are shown. */
export function chooseAlgorithm(shown: string | undefined): (typeof algorithms)[number][0] {
  const hashes = ssri.parse(shown ?? '');
  return algorithms.find(([algorithm]) => hashes?.[algorithm] !== undefined)?.[0] ?? 'sha512';
}

function writeSha1(shasum: unknown): string | undefined {
  if (typeof shasum !== 'string' || !/^[0-9a-f]{40}$/i.test(shasum)) return undefined;
  return ssri.fromHex(shasum.toLowerCase(), 'sha1').toString();
}
