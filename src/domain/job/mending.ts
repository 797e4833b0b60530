import type { Failure, FailureReason } from '../failure/failure.ts';
import type { PackageResult } from './report.ts';

const byManifest: readonly FailureReason[] = [
  'manifest-invalid',
  'name-invalid',
  'version-invalid',
  'version-withdrawn',
  'version-not-increased',
];

const byCommit: readonly FailureReason[] = [
  ...byManifest,
  'name-contested',
  'duplicate-name',
  'preflight-rejected',
  'tarball-too-large',
  'too-many-files',
  'pack-failed',
  'packing-timed-out',
  'packing-out-of-memory',
  'submodule-unavailable',
  'lfs-object-missing',
];

/** Whether, of all that a push can change, only the package's own package.json mends the failure. */
export function isMendedByManifest(reason: string | undefined): boolean {
  return byManifest.some((known) => known === reason);
}

/**
 * Whether the failure lies in what the commit says, not in what became of sending it: another commit makes it
 * pointless.
 */
export function liesInCommit({ reason }: Failure): boolean {
  return byCommit.includes(reason);
}

/** Whether the same is wrong with the same version: who heard of one result need not hear of the other. Pure. */
export function isSameTrouble(one: PackageResult, other: PackageResult): boolean {
  return (
    one.failure !== undefined &&
    one.failure.reason === other.failure?.reason &&
    one.name === other.name &&
    one.version === other.version &&
    listFacts(one.failure) === listFacts(other.failure) &&
    listBlocking(one) === listBlocking(other)
  );
}

function listFacts({ facts }: Failure): string {
  return JSON.stringify(Object.entries(facts).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function listBlocking({ findings }: PackageResult): string {
  const blocking = findings.filter(({ severity }) => severity === 'block');
  const lines = blocking.map((item) => JSON.stringify([item.rule, item.file, item.subject, item.message]));
  return lines.toSorted().join('\n');
}
