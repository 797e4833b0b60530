import { compareHashes } from '../../../domain/package/integrity.ts';
import {
  type Comparison,
  compareContents,
  type ShadowFinding,
  type WaitingVersion,
} from '../../../domain/repository/shadow.ts';
import type { Settlement } from '../../../ports/shadow.ts';
import type { ShadowDeps } from './deps.ts';
import { passOverRefused } from './pass-over-refused.ts';

/** By then a publisher that works has published the version. */
const overdueMs = 48 * 3_600_000;

/** Compares what the registry received with the versions that wait for it, file by file where the archives differ. */
export async function compareWaiting(
  deps: ShadowDeps,
  waiting: readonly WaitingVersion[],
  refused: Set<string>,
  signal: AbortSignal,
): Promise<Settlement['findings']> {
  const findings: { id: number; finding: ShadowFinding }[] = [];
  for (const item of waiting) {
    signal.throwIfAborted();
    const finding = await passOverRefused(item.name, refused, async () => compareVersion(deps, item, signal));
    if (finding !== undefined) findings.push({ id: item.id, finding });
  }
  return findings;
}

async function compareVersion(
  deps: ShadowDeps,
  waiting: WaitingVersion,
  signal: AbortSignal,
): Promise<ShadowFinding | undefined> {
  const { name, version, distTag: ourTag, recordedAt } = waiting;
  // Mostly answered with “not modified”; the whole document is read when there is something to compare.
  const packument = await deps.registry.findPackument(name, signal);
  const isThere = packument?.versions.has(version) === true;
  const copy = isThere ? await deps.copies.findCopy(name, version, signal) : undefined;
  if (copy === undefined) {
    const isOverdue = deps.clock.now() - recordedAt >= overdueMs;
    if (!isOverdue || waiting.isOverdue) return undefined;
    return { kind: 'overdue', name, version, ourTag, recordedAt };
  }
  const comparison = await compareCopy(deps, waiting, copy.integrity, signal);
  const { distTags: tags, receivedAt } = copy;
  return { kind: 'compared', name, version, comparison, ourTag, tags, receivedAt };
}

async function compareCopy(
  deps: ShadowDeps,
  { name, version, integrity, contents }: WaitingVersion,
  found: string | undefined,
  signal: AbortSignal,
): Promise<Comparison> {
  if (compareHashes(found, { integrity }) === 'same') return { kind: 'identical' };
  const read = await deps.copies.readCopy(name, version, signal);
  if (read === undefined) return { kind: 'unreadable', why: 'it is gone again' };
  if (read.kind === 'unreadable') return read;
  // The registry's document may show no hash that can be compared with ours.
  if (read.integrity === integrity) return { kind: 'identical' };
  return compareContents(contents, read.contents);
}
