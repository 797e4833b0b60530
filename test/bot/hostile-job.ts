import fc from 'fast-check';
import { inert } from '../../src/bot/text/text.ts';
import type { JobFinished } from '../../src/domain/announcement/announcement.ts';
import { type PackageReport, packageStates } from '../../src/domain/job/report.ts';
import { hostileText } from './hostile-text.ts';
import { sampleJob } from './sample-job.ts';

const slug = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._-]{1,100}$/);
const sha = fc.stringMatching(/^[0-9a-f]{40}$/);
const textOrNull = (pieces: number): fc.Arbitrary<string | null> => fc.option(hostileText(pieces));
const finding = fc.record({
  rule: hostileText(2),
  severity: fc.constantFrom('block', 'warn', 'info'),
  file: hostileText(4),
  message: hostileText(12),
});

function hostilePackage(pieces: number): fc.Arbitrary<PackageReport> {
  return fc.record({
    name: hostileText(pieces),
    version: textOrNull(pieces),
    previousVersion: textOrNull(pieces),
    path: hostileText(pieces),
    outcome: fc.constantFrom(...packageStates),
    reason: fc.constantFrom('registry-forbidden', 'version-withdrawn', 'unheard-of', null),
    title: textOrNull(pieces),
    remedy: textOrNull(pieces),
    distTag: textOrNull(pieces),
    integrity: fc.constantFrom('sha512-AAAA', null),
    tarballBytes: fc.option(fc.nat()),
    findings: fc.array(finding, { maxLength: 6 }),
    changelog: textOrNull(pieces),
    wordedByModel: fc.boolean(),
    additions: fc.array(hostileText(2), { maxLength: 2 }),
    warnings: fc.array(hostileText(pieces), { maxLength: 6 }),
  });
}

/** Makes a job whose every text may be hostile, of `pieces` pieces each, with up to `packages` packages. */
export function hostileJob(pieces: number, packages: number): fc.Arbitrary<JobFinished> {
  const failure = { reason: 'internal-error', retry: 'automatic' } as const;
  return fc
    .record({
      repository: slug,
      commit: sha,
      about: fc.option(
        fc.record({ subject: hostileText(pieces), author: hostileText(pieces), branch: hostileText(pieces) }),
      ),
      failure: fc.option(fc.record({ title: hostileText(pieces), remedy: hostileText(pieces) })),
      packages: fc.array(hostilePackage(pieces), { maxLength: packages }),
    })
    .map(({ packages: list, failure: words, ...rest }) =>
      sampleJob(list, { ...rest, failure: words === null ? null : { ...failure, ...words } }),
    );
}

/** Returns the same job as somebody would write it who means no harm. */
export function disarm(ended: JobFinished): JobFinished {
  const calm = (text: string): string => (inert(text, 10_000) === '' ? '' : 'harmless');
  const calmOrNull = (text: string | null): string | null => (text === null ? null : calm(text));
  const packages = ended.packages.map((item) => ({
    ...item,
    name: calm(item.name),
    version: calmOrNull(item.version),
    previousVersion: calmOrNull(item.previousVersion),
    path: item.path === '' ? '' : 'folder',
    title: calmOrNull(item.title),
    remedy: calmOrNull(item.remedy),
    distTag: calmOrNull(item.distTag),
    findings: item.findings.map((known) => ({ ...known, message: calm(known.message) })),
    warnings: item.warnings.map(calm),
  }));
  const about = ended.about === null ? null : { subject: 'harmless', author: 'harmless', branch: 'harmless' };
  const failure = ended.failure === null ? null : { ...ended.failure, title: 'harmless', remedy: 'harmless' };
  const held = ended.held.map(({ by, names: list }) => ({ by: calm(by), names: list.map(calm) }));
  return { ...ended, about, failure, held, packages };
}
