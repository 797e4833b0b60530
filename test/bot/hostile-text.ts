import fc from 'fast-check';

/** Pieces with a meaning for Discord, for a terminal or for a reader's eye. */
const pieces = [
  '@everyone',
  '@here',
  '<@1234567890123456789>',
  '<@&1234567890123456789>',
  '<#123>',
  '<t:1:R>',
  '[click](https://evil.test)',
  'https://evil.test/a',
  'HTTP://evil.test',
  'discord://x',
  'discord.gg/evil',
  'Discord.com/invite/evil',
  'https:',
  '//evil.test',
  '```js\n',
  '`',
  '**',
  '__',
  '~~',
  '||',
  '> ',
  '# ',
  '-# ',
  '\u202E',
  '\u2066',
  '\u200B',
  '\u0000',
  '\u001b[31m',
  '\uD800',
  '\uDC00',
  '\r\n',
  '\u2028',
  '\\',
] as const;

/** Makes text as somebody would write it who wants to be noticed. */
export function hostileText(maxPieces = 40): fc.Arbitrary<string> {
  const piece = fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 20 }));
  return fc.array(piece, { maxLength: maxPieces }).map((parts) => parts.join(''));
}
