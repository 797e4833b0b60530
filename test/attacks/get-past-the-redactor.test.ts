import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneLine } from '../../src/adapters/github/explain-error.ts';
import { buildRedactor } from '../../src/domain/text/redact.ts';

const secret = 'k7/Q+"zephyr"-4411';
const longer = `${secret}-of-production`;

describe('a text made to keep the redactor busy', () => {
  const redact = buildRedactor(() => [secret]);
  const jwt = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', 'dozjgNryP4J3jVmNHl0w5N'].join('.');

  // The square of this length would take minutes.
  it.each([
    'eyJ-',
    '-eyJaaaaaaaaaa',
    'eyJaaaaaaaaaa.',
    'eyJaaaaaaaaaa.a.',
    'ghs_1_',
    'https://a:',
    '://a:',
    'Bearer ',
  ])('that repeats %s takes time in proportion to its length', (piece) => {
    const started = performance.now();
    redact(piece.repeat(1_000_000 / piece.length));
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it.each(['', ' ', 'key-', 'key_', 'a.b.', 'eyJabcdefghijk.short.', 'https://host.test/x?token='])(
    'does not hide a signed token behind %j',
    (before) => {
      expect(redact(`${before}${jwt} and`)).toBe(`${before}«redacted» and`);
    },
  );
});

/** What an attacker gains from a form that is not recognized: a neighbour or a commit that repeats a secret in it. */
describe('a secret in a neighbour’s message is masked', () => {
  const redact = buildRedactor(() => [secret, longer]);

  it.each<readonly [string, string]>([
    ['as it is', secret],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64 for URLs', Buffer.from(secret).toString('base64url')],
    ['in hex', Buffer.from(secret).toString('hex')],
    ['in hex with capitals', Buffer.from(secret).toString('hex').toUpperCase()],
    ['in a URL', encodeURIComponent(secret)],
    ['in JSON', JSON.stringify({ error: secret })],
    ['as a password in a URL', `https://bot:${encodeURIComponent(secret)}@host.test/x.git`],
    ['as Basic authorization', `Basic ${Buffer.from(`x-access-token:${secret}`).toString('base64')}`],
  ])('%s', (_form, text) => {
    const shown = redact(`it said: ${text}.`);
    expect(shown).toContain('«redacted»');
    for (const remains of [text, secret, 'zephyr']) expect(shown).not.toContain(remains);
  });

  it('to its end, when it begins like another one', () => {
    expect(redact(`old ${secret}, new ${longer}!`)).toBe('old «redacted», new «redacted»!');
  });

  it('inside any longer base64, whoever the user is and whatever follows', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.string({ maxLength: 40 }), (before, after) => {
        const bytes = Buffer.from(`${before}${secret}${after}`);
        for (const alphabet of ['base64', 'base64url'] as const) {
          const shown = redact(bytes.toString(alphabet));
          expect(Buffer.from(shown.replace(/«redacted»/g, ''), alphabet).toString()).not.toContain('zephyr');
          expect(shown).toContain('«redacted»');
        }
      }),
    );
  });

  it('from the moment at which it is known, and for ever', () => {
    const known: string[] = [];
    const following = buildRedactor(() => known);
    expect(following(longer)).toBe(longer);
    known.push(longer);
    expect(following(longer)).toBe('«redacted»');
  });

  it('in any line of a key', () => {
    const lines = [
      '-----BEGIN PRIVATE KEY-----',
      'a1B2'.repeat(16),
      'c3D4'.repeat(16),
      '-----END PRIVATE KEY-----',
    ];
    const hide = buildRedactor(() => [`${lines.join('\n')}\n`]);
    expect(hide(`line 3: ${lines[2]}`)).toBe('line 3: «redacted»');
    expect(hide(`it begins with ${lines[0]}`)).toBe(`it begins with ${lines[0]}`);
  });

  it('without short values blanking ordinary words', () => {
    expect(buildRedactor(() => ['pass'])('the tests pass')).toBe('the tests pass');
  });
});

describe('a token that is not in our settings', () => {
  it.each([
    `ghp_${'a1B2'.repeat(9)}`,
    `github_pat_${'a1B2'.repeat(9)}`,
    `ghs_${'a1B2.'.repeat(60)}c`,
    `npm_${'a1B2'.repeat(9)}`,
    `AIza${'a1B2'.repeat(9)}`,
    `eyJ${'a1B2'.repeat(5)}.${'a1B2'.repeat(9)}.${'a1B2'.repeat(20)}`,
    'https://bot:hunter2hunter2@host.test/x.git',
    'Authorization: Bearer abcdefgh12345678',
  ])('is recognized by its shape: %s', (text) => {
    const shown = buildRedactor(() => [])(`see ${text}`);
    expect(shown).toContain('«redacted»');
    expect(shown).not.toMatch(/a1B2|hunter2|abcdefgh/);
  });

  it('is not cut in half before the search, when GitHub repeats it', () => {
    const words = oneLine(`${'x'.repeat(280)} ghp_${'a1B2'.repeat(9)}`);
    expect(words).toHaveLength(281 + '«redacted»'.length);
    expect(words).not.toContain('a1B2');
  });

  it('is searched for in time that grows with the length of the text, whatever the text', () => {
    const redact = buildRedactor(() => [secret]);
    const texts = [
      'a'.repeat(1_000_000),
      'gh'.repeat(500_000),
      'Bearer '.repeat(150_000),
      'a://'.repeat(250_000),
      'eyJ'.repeat(300_000),
      'eyJaaaaaaaaaa.'.repeat(70_000),
    ];
    const startedAt = performance.now();
    for (const text of texts) redact(text);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
