import { createHash } from 'node:crypto';
import { chooseAlgorithm, compareHashes } from '../../domain/package/integrity.ts';
import type { Integrity } from '../../domain/package/packument.ts';

export interface ByteCheck {
  update(chunk: Uint8Array): void;
  /** Called after the last byte: returns the hash of the bytes, and whether it differs from the document's hash. */
  finish(): { readonly found: Integrity; readonly isOther: boolean };
}

/** Hashes bytes as they pass, to compare them with the hash in the registry's document. */
export function startByteCheck(shown: string | undefined): ByteCheck {
  const hashes = [...new Set(['sha512', chooseAlgorithm(shown)])].map((algorithm) => ({
    algorithm,
    hash: createHash(algorithm),
  }));
  return {
    update: (chunk) => {
      for (const { hash } of hashes) hash.update(chunk);
    },
    finish: () => {
      const texts = hashes.map(({ algorithm, hash }) => `${algorithm}-${hash.digest('base64')}`);
      const isOther = compareHashes(shown, { integrity: texts.join(' ') }) === 'other';
      return { found: texts[0] as Integrity, isOther };
    },
  };
}
