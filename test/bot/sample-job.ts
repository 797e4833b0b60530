import type { JobFinished } from '../../src/domain/announcement/announcement.ts';
import type { PackageReport } from '../../src/domain/job/report.ts';

export const links = { registryUrl: 'https://registry.test/', gitServerUrl: 'https://git.test' };

export function samplePackage(name: string, more: Partial<PackageReport> = {}): PackageReport {
  return {
    name,
    version: '1.3.0',
    previousVersion: '1.2.0',
    path: `Packages/${name}`,
    outcome: 'published',
    reason: null,
    title: null,
    remedy: null,
    distTag: 'latest',
    integrity: 'sha512-AAAA',
    tarballBytes: 1_000,
    findings: [],
    changelog: null,
    wordedByModel: false,
    additions: [],
    warnings: [],
    ...more,
  };
}

export function sampleFailed(name: string, more: Partial<PackageReport> = {}): PackageReport {
  return samplePackage(name, {
    outcome: 'failed',
    reason: 'registry-forbidden',
    title: `The registry does not let us publish ${name}: not allowed`,
    remedy: 'Give the token’s user publish rights for this name on the registry, then press Retry.',
    integrity: null,
    ...more,
  });
}

export function sampleHeld(name: string, behind: string): PackageReport {
  return sampleFailed(name, {
    outcome: 'held',
    reason: 'dependency-held',
    title: `Held: ${behind} of the same commit was not published`,
    remedy: `Nothing to do here: it follows as soon as ${behind} is published.`,
  });
}

/** Packages that are held, behind the first one that failed. */
function groupHeld(packages: readonly PackageReport[]): JobFinished['held'] {
  const names = packages.filter(({ outcome }) => outcome === 'held').map(({ name }) => name);
  const by = packages.find(({ outcome }) => outcome === 'failed')?.name ?? 'com.studio.root';
  return names.length === 0 ? [] : [{ by, names }];
}

/** Makes a job that ended with these packages; its status and counts follow from them. */
export function sampleJob(packages: readonly PackageReport[], more: Partial<JobFinished> = {}): JobFinished {
  const counts: Record<string, number> = {};
  for (const { outcome } of packages) counts[outcome] = (counts[outcome] ?? 0) + 1;
  const isFailed = packages.some(({ outcome }) => ['failed', 'held', 'withdrawn'].includes(outcome));
  const someStatus = (counts['published'] ?? 0) > 0 ? 'partially-failed' : 'failed';
  const isNothing = packages.every(({ outcome }) => outcome === 'skipped');
  return {
    kind: 'job-finished',
    job: 123,
    dispatchId: '0a1b2c3d-0000-4000-8000-000000000000',
    repository: 'studio/packages',
    commit: '0123456789abcdef0123456789abcdef01234567',
    about: { subject: 'Release', author: 'Ada Example', branch: 'main' },
    requestedBy: 'event',
    pusher: null,
    cancelledBy: null,
    held: groupHeld(packages),
    status: isFailed ? someStatus : isNothing ? 'nothing-to-publish' : 'published',
    failure: null,
    packages,
    counts,
    durationMs: 4_200,
    finishedAt: 1_790_000_000_000,
    ...more,
  };
}
