import { describe, expect, it } from 'vitest';
import { type Failure, failure, failureCatalogue } from '../../../src/domain/failure/failure.ts';
import { isMendedByManifest, isSameTrouble, liesInCommit } from '../../../src/domain/job/mending.ts';
import { blankResult, failed } from '../../../src/domain/job/package-result.ts';
import type { Finding, PackageResult } from '../../../src/domain/job/report.ts';

const lower = failure('version-not-increased', { version: '1.0.0', highest: '2.0.0' });
const rejected = failure('preflight-rejected', { count: 1, first: 'A.cs has no .meta' });
const finding: Finding = {
  rule: 'missing-meta',
  severity: 'block',
  file: 'A.cs',
  message: 'A.cs has no .meta',
};

function failing(why: Failure, extra: Partial<PackageResult> = {}): PackageResult {
  return { ...failed(blankResult('com.studio.core', 'Core', 'failed'), why), version: '1.0.0', ...extra };
}

describe('the same trouble in two jobs', () => {
  it('is the same reason with the same facts, for the same version and name', () => {
    expect(isSameTrouble(failing(lower), failing(lower))).toBe(true);
    const read = JSON.parse(JSON.stringify(failing(lower))) as PackageResult;
    expect(isSameTrouble(failing(lower), read)).toBe(true);
  });

  it.each([
    ['another fact', failing(failure('version-not-increased', { version: '1.0.0', highest: '2.0.1' }))],
    ['another version', failing(lower, { version: '1.0.1' })],
    ['another name', failing(lower, { name: 'com.studio.other' })],
    ['another reason', failing(failure('version-withdrawn', { version: '1.0.0' }))],
    ['no failure', { ...failing(lower), failure: undefined }],
  ])('is not a trouble with %s', (_what, other) => {
    expect(isSameTrouble(failing(lower), other)).toBe(false);
    expect(isSameTrouble(other, failing(lower))).toBe(false);
  });

  it('with findings means the same findings in any order, and ignores warnings', () => {
    const other: Finding = { ...finding, file: 'B.cs', message: 'B.cs has no .meta' };
    const both = failing(rejected, { findings: [finding, other] });
    expect(isSameTrouble(both, failing(rejected, { findings: [other, finding] }))).toBe(true);
    expect(isSameTrouble(both, failing(rejected, { findings: [finding] }))).toBe(false);
    const warned = failing(rejected, { findings: [finding, { ...other, severity: 'warn' }] });
    expect(isSameTrouble(warned, failing(rejected, { findings: [finding] }))).toBe(true);
  });
});

describe('a reason of a failure', () => {
  it('that only package.json can fix lies in the commit', () => {
    const reasons = Object.keys(failureCatalogue).filter(isMendedByManifest);
    expect(reasons.length).toBeGreaterThan(3);
    for (const reason of reasons) expect(liesInCommit({ reason, facts: {} } as Failure)).toBe(true);
  });

  it.each(['registry-busy', 'registry-forbidden', 'published-copy-differs', 'internal-error', 'disk-full'])(
    '%s does not lie in the commit, so that no newer commit makes a retry pointless',
    (reason) => expect(liesInCommit({ reason, facts: {} } as Failure)).toBe(false),
  );
});
