import { describe, expect, it } from 'vitest';
import { completeRules, readRules } from '../../src/bot/register/rules.ts';

describe('preflight rules as a person types them', () => {
  it('are pairs separated by commas or blanks, with any blanks around the sign', () => {
    const rules = { 'meta.missing': 'warn', 'changelog.entry': 'off', 'license.file': 'default' };
    expect(readRules('meta.missing = warn, changelog.entry:off license.file=default')).toEqual({ rules });
  });

  it('are all reset by one word, and left alone when nothing is typed', () => {
    expect(readRules('default')).toEqual({ rules: 'default' });
    expect(readRules(undefined)).toEqual({ rules: undefined });
  });

  it.each([
    'meta.missing',
    'meta.missing=',
    'meta.missing=loud',
    '=warn',
    'meta.missing=warn=off',
    '__proto__=warn',
    `${'a'.repeat(300)}=warn`,
    '`@everyone`=warn',
  ])('that are invalid are reported in one inert sentence: %s', (text) => {
    const read = readRules(text);
    expect(read).toHaveProperty('problem');
    expect(JSON.stringify(read)).toMatch(/sets no rule: write `meta\.missing=warn`/);
    expect(JSON.stringify(read)).not.toContain('@everyone');
  });

  it('may be fifty, not more', () => {
    const text = Array.from({ length: 51 }, (_, index) => `rule.a${index}=warn`).join(',');
    expect(readRules(text)).toEqual({ problem: '51 rules are too many: at most 50.' });
  });
});

describe('autocomplete of preflight rules', () => {
  const offered = (typed: string) => completeRules({ typed }).map(({ value }) => value);

  it('offers rules by name, but never gates', () => {
    expect(offered('missing')).toContain('meta.missing=');
    expect(offered('')).toContain('path.symlink=');
    expect(offered('secret')).toEqual([]);
    expect(offered('lfs')).toEqual([]);
  });

  it('offers a rule with its possible severities, after the rules that are typed already', () => {
    expect(offered('meta.missing=')).toEqual([
      'meta.missing=block',
      'meta.missing=warn',
      'meta.missing=info',
      'meta.missing=off',
      'meta.missing=default',
    ]);
    expect(offered('path.symlink=off,meta.missing=w')).toEqual(['path.symlink=off, meta.missing=warn']);
  });
});
