import { describe, expect, it } from 'vitest';
import { summarizeFindings } from '../src/cli/findings-summary.ts';
import { packageReport } from './bot/sample-answers.ts';

describe('the summary of findings', () => {
  it('has a line for each rule, blocking ones first, with the sentence once and the other files below it', () => {
    const metas = Array.from({ length: 8 }, (_, index) => ({
      rule: 'meta.missing',
      severity: 'block' as const,
      file: `${index}.cs`,
      message: `${index}.cs has no meta`,
    }));
    const warned = { rule: 'license.file', severity: 'warn' as const, message: 'add a licence' };
    const stopped = packageReport('com.studio.a', {
      outcome: 'failed',
      reason: 'preflight-rejected',
      findings: [{ ...warned, loweredBy: 'ratchet' }, ...metas],
    });
    expect(summarizeFindings([stopped, packageReport('com.studio.b')])).toBe(
      [
        '',
        'com.studio.a 1.2.0: 8 blocking',
        '  block  meta.missing (8 times)',
        '         0.cs has no meta',
        '         also 1.cs',
        '         also 2.cs',
        '         also 3.cs',
        '         also 4.cs',
        '         also 5.cs',
        '         … and 2 more',
        '  warn   license.file, lowered by ratchet',
        '         add a licence',
        '',
      ].join('\n'),
    );
  });

  it('is empty when nothing must be fixed, and forges no line of a log', () => {
    const curious = { rule: 'readme.file', severity: 'info' as const, message: 'add a readme' };
    expect(summarizeFindings([packageReport('com.studio.a', { findings: [curious] })])).toBe('');
    const hostile = { rule: 'r', severity: 'warn' as const, message: 'x\n::error::forged\u001b[31m' };
    const text = summarizeFindings([packageReport('com.studio.a', { findings: [hostile] })]);
    expect(text).toContain('         x ::error::forged [31m');
  });
});
