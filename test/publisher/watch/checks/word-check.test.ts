import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../src/domain/job/report.ts';
import { wordCheck } from '../../../../src/publisher/watch/checks/word-check.ts';
import { packageReport } from '../../../bot/sample-answers.ts';

const wanted = packageReport('com.studio.a', { outcome: 'not-attempted', version: '1.2.3' });

function stopped(name: string, ...findings: readonly Partial<Finding>[]) {
  return packageReport(name, {
    outcome: 'failed',
    reason: 'preflight-rejected',
    title: 'problems',
    remedy: 'Correct them.',
    distTag: null,
    findings: findings.map((finding) => ({
      rule: 'meta.missing',
      severity: 'block',
      message: 'commit the meta',
      ...finding,
    })),
  });
}

describe('the check of a commit', () => {
  it('says which version would be published under which tag', () => {
    expect(wordCheck([wanted])).toMatchObject({
      conclusion: 'success',
      title: 'would publish com.studio.a 1.2.3 (latest)',
    });
    const skipped = packageReport('com.studio.b', { outcome: 'skipped' });
    expect(wordCheck([skipped])).toMatchObject({ conclusion: 'success', title: 'nothing to publish' });
  });

  it('counts what would stop packages, and fails', () => {
    const others = packageReport('com.studio.c', {
      outcome: 'failed',
      reason: 'version-invalid',
      title: '“1” is not a version',
      remedy: 'Write 1.0.0.',
    });
    const check = wordCheck([wanted, stopped('com.studio.b', {}, { rule: 'path.case' }), others]);
    expect(check.conclusion).toBe('failure');
    expect(check.title).toBe(
      'would publish com.studio.a 1.2.3 (latest); 2 blocking findings; 1 package cannot be published',
    );
    expect(check.summary).toContain('- “1” is not a version\n- → Write 1.0.0.');
  });

  it('points to files of the repository, with the line where there is one, and leaves out informational findings', () => {
    const check = wordCheck([
      stopped(
        'com.studio.b',
        { file: 'Runtime/B.cs', line: 7 },
        { file: 'README.md', severity: 'info' },
        { file: 'CHANGELOG.md', severity: 'warn', rule: 'changelog.entry' },
        {},
      ),
    ]);
    const folder = 'packages/com.studio.b';
    const message = 'commit the meta';
    expect(check.annotations).toEqual([
      { path: `${folder}/Runtime/B.cs`, line: 7, level: 'failure', title: 'meta.missing', message },
      { path: `${folder}/CHANGELOG.md`, line: 1, level: 'warning', title: 'changelog.entry', message },
    ]);
  });

  it('keeps within GitHub’s limits and contains nothing active, whatever the commit contains', () => {
    const hostile = '@team <img src=x> [x](https://evil.test) `\n# '.repeat(50);
    const many = Array.from({ length: 300 }, (_, index) =>
      stopped(`${hostile}${index}`, { message: hostile, file: `${hostile}${index}` }),
    );
    const { title, summary, annotations } = wordCheck(many);
    expect(title.length).toBeLessThanOrEqual(140);
    expect(summary.length).toBeLessThanOrEqual(60_000);
    expect(summary).not.toMatch(/@team|(?<!\\)<img|\]\(https/);
    expect(annotations.every(({ message }) => message.length <= 1_000)).toBe(true);
    const long = packageReport('n'.repeat(214), { outcome: 'not-attempted' });
    expect(wordCheck([long]).title).toHaveLength(140);
  });
});
