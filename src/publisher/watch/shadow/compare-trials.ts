import type { Repository } from '../../../domain/repository/repository.ts';
import type { ShadowFinding } from '../../../domain/repository/shadow.ts';
import type { Settlement } from '../../../ports/shadow.ts';
import { compareWaiting } from './compare-waiting.ts';
import type { ShadowDeps } from './deps.ts';
import { findUnexpected } from './find-unexpected.ts';

export type TrialCounts = Readonly<
  Record<'repositories' | 'identical' | 'differing' | 'overdue' | 'unexpected' | 'refused', number>
>;

/**
 * Checks what became of the versions that repositories in shadow mode would have published, and what the registry
 * received that they would not have published. Announces what is new, in one message per repository. Names that the
 * registry refuses are passed over and counted; the daily check reports them. Throws Outage('registry'), and the
 * signal's reason: what was announced by then stays announced, the rest is looked at again.
 */
export async function compareTrials(deps: ShadowDeps, signal: AbortSignal): Promise<TrialCounts> {
  const repositories = await deps.repositories.list();
  const inTrial = repositories.filter((known) => isInTrial(known, deps.isShadow));
  await deps.comparisons.keepOnly(inTrial.map(({ id }) => id));
  const counts = { repositories: inTrial.length, identical: 0, differing: 0, overdue: 0, unexpected: 0 };
  const refused = new Set<string>();
  if (inTrial.length === 0) return { ...counts, refused: 0 };
  const waiting = await deps.comparisons.listWaiting();
  for (const repository of inTrial) {
    const own = waiting.filter(({ repositoryId }) => repositoryId === repository.id);
    const findings: Settlement['findings'] = [
      ...(await compareWaiting(deps, own, refused, signal)),
      ...(await findUnexpected(deps, repository, refused, signal)),
    ];
    if (findings.length === 0) continue;
    await deps.comparisons.settle({ repositoryId: repository.id, repository: repository.slug, findings });
    for (const { finding } of findings) counts[countedAs(finding)]++;
  }
  return { ...counts, refused: refused.size };
}

function isInTrial({ mode, status }: Repository, isShadow: boolean): boolean {
  return status === 'active' && (isShadow || mode === 'shadow');
}

function countedAs(finding: ShadowFinding): 'identical' | 'differing' | 'overdue' | 'unexpected' {
  if (finding.kind !== 'compared') return finding.kind;
  return ['identical', 'same-files'].includes(finding.comparison.kind) ? 'identical' : 'differing';
}
