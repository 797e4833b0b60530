import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareHashes, readHashes } from '../../../src/domain/package/integrity.ts';

const hashOf = (algorithm: string, text: string): string =>
  `${algorithm}-${createHash(algorithm).update(text).digest('base64')}`;
const shasumOf = (text: string): string => createHash('sha1').update(text).digest('hex');
const ours = { integrity: hashOf('sha512', 'ours'), shasum: shasumOf('ours') };

describe('comparing a registry’s integrity with our bytes', () => {
  it.each([
    ['our SHA-512', hashOf('sha512', 'ours'), undefined, 'same'],
    ['another SHA-512', hashOf('sha512', 'theirs'), undefined, 'other'],
    ['another SHA-512 beside our shasum', hashOf('sha512', 'theirs'), shasumOf('ours'), 'other'],
    ['our SHA-512 beside another shasum', hashOf('sha512', 'ours'), shasumOf('theirs'), 'same'],
    ['two SHA-512 of which one is ours', `${hashOf('sha512', 'x')} ${hashOf('sha512', 'ours')}`, '', 'same'],
    ['our shasum alone', undefined, shasumOf('ours'), 'same'],
    ['our shasum in capitals', undefined, shasumOf('ours').toUpperCase(), 'same'],
    ['another shasum alone', undefined, shasumOf('theirs'), 'other'],
    ['our SHA-1 as an integrity', hashOf('sha1', 'ours'), undefined, 'same'],
    ['a malformed SHA-512 beside our shasum', 'sha512-abc', shasumOf('ours'), 'same'],
    ['a SHA-256 beside our shasum', hashOf('sha256', 'theirs'), shasumOf('ours'), 'same'],
    ['only a SHA-256', hashOf('sha256', 'ours'), undefined, 'unknown'],
    ['only a SHA-384', hashOf('sha384', 'theirs'), undefined, 'unknown'],
    ['only an MD5', hashOf('md5', 'theirs'), undefined, 'unknown'],
    ['nothing', undefined, undefined, 'unknown'],
    ['empty texts', '', '', 'unknown'],
    ['what is no text', { sha512: 'x' }, 7, 'unknown'],
    ['our SHA-512 without its padding', hashOf('sha512', 'ours').replace(/=+$/, ''), undefined, 'same'],
    ['our SHA-512 with options', `${hashOf('sha512', 'ours')}?signed`, undefined, 'same'],
  ])('decides what %s proves', (_what, integrity, shasum, expected) => {
    expect(compareHashes(readHashes(integrity, shasum), ours)).toBe(expected);
  });

  it('never throws, whatever is written there', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (integrity, shasum) => {
        expect(['other', 'unknown']).toContain(compareHashes(readHashes(integrity, shasum), ours));
      }),
    );
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, shasum) => {
        const written = `sha512-${text} ${text} sha1-${shasum}`;
        expect(['other', 'unknown']).toContain(compareHashes(readHashes(written, shasum), ours));
      }),
    );
  });
});
