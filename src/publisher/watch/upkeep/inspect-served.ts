import type { StoredVersion } from '../../../domain/announcement/daily-check.ts';
import type { Anomaly } from '../../../domain/job/anomaly.ts';
import { compareHashes } from '../../../domain/package/integrity.ts';
import type { Packument, PublishedVersion } from '../../../domain/package/packument.ts';
import type { Registry } from '../../../ports/registry.ts';

/** A version of ours whose document does not prove what is served. */
export interface Unproven {
  readonly stored: StoredVersion;
  readonly shown: PublishedVersion;
}

/** Limits of what one check reads. */
const tarballsMax = 200;
const bytesMax = 512 * 1024 ** 2;

/**
 * Lists versions to read back: versions for which the document shows no comparable hash, and versions sent since the
 * last check, because another upload at the same moment may replace a tarball after it was read back. Pure.
 */
export function listUnproven(
  packument: Packument | undefined,
  stored: readonly StoredVersion[],
  lastCheckAt: number,
): readonly Unproven[] {
  return stored.flatMap((version) => {
    const shown = packument?.versions.get(version.version);
    if (shown === undefined) return [];
    const compared = compareHashes(shown.integrity, version);
    const isUnproven = compared === 'unknown' || (compared === 'same' && version.sentAt >= lastCheckAt);
    return isUnproven ? [{ stored: version, shown }] : [];
  });
}

/** Reads the newest of these versions back, within a budget. A tarball that cannot be read says nothing. */
export async function inspectServed(
  registry: Pick<Registry, 'readServed'>,
  unproven: readonly Unproven[],
  signal: AbortSignal,
): Promise<readonly Anomaly[]> {
  const anomalies: Anomaly[] = [];
  let bytesLeft = bytesMax;
  const newest = unproven.toSorted((one, other) => other.stored.sentAt - one.stored.sentAt);
  for (const { stored, shown } of newest.slice(0, tarballsMax)) {
    const { name, version, bytes, integrity } = stored;
    if (bytes > bytesLeft) continue;
    bytesLeft -= bytes;
    const served = await registry.readServed(name, shown, [bytes], signal);
    const isOurs = served.kind === 'read' && served.integrity === integrity;
    if (served.kind !== 'unreadable' && !isOurs) anomalies.push({ kind: 'integrity-differs', name, version });
  }
  return anomalies;
}
