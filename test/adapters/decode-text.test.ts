import { expect, it } from 'vitest';
import { decodeText } from '../../src/adapters/secrets/text-pieces.ts';

it.each(['utf16le', 'utf16be'])(
  'decodes a text of %s by its byte order mark and ignores an odd last byte',
  (encoding) => {
    const little = Buffer.from('\uFEFFsecret', 'utf16le');
    const bytes = encoding === 'utf16le' ? little : little.swap16();
    expect(decodeText(Buffer.concat([bytes, Buffer.of(10)]))).toBe('\uFEFFsecret');
  },
);
