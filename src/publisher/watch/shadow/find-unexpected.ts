import { renderFailure } from '../../../domain/failure/failure.ts';
import type { PackageResult } from '../../../domain/job/report.ts';
import type { CatalogRow } from '../../../domain/package/catalog.ts';
import { findNameProblem } from '../../../domain/package/package-name.ts';
import type { Repository } from '../../../domain/repository/repository.ts';
import type { ShadowFinding } from '../../../domain/repository/shadow.ts';
import type { Settlement, Unexpected } from '../../../ports/shadow.ts';
import { whyExcluded } from '../catalog/compare.ts';
import type { ShadowDeps } from './deps.ts';
import { passOverRefused } from './pass-over-refused.ts';

/**
 * How long a version is given before it counts as unexpected: the other publisher may be quicker than our own job.
 */
const graceMs = 30 * 60_000;

/** Finds versions that the registry received since the trial began and that no job of ours would have published. */
export async function findUnexpected(
  deps: ShadowDeps,
  repository: Repository,
  refused: Set<string>,
  signal: AbortSignal,
): Promise<Settlement['findings']> {
  const rows = await deps.catalog.listRows({ repositoryId: repository.id });
  const found: Unexpected[] = [];
  for (const row of rows.filter(({ name }) => findNameProblem(name) === undefined)) {
    signal.throwIfAborted();
    found.push(...((await passOverRefused(row.name, refused, async () => lookAt(deps, row, signal))) ?? []));
  }
  const noted = await deps.comparisons.noteUnexpected(found);
  const due = noted.filter(
    (item) => item.repositoryId === repository.id && deps.clock.now() - item.seenAt >= graceMs,
  );
  const findings: { id: undefined; finding: ShadowFinding }[] = [];
  for (const item of due) {
    const row = rows.find(({ name }) => name === item.name);
    const finding = await passOverRefused(item.name, refused, async () => explain(deps, item, row, signal));
    if (finding !== undefined) findings.push({ id: undefined, finding });
  }
  return findings;
}

async function lookAt(
  deps: ShadowDeps,
  row: CatalogRow,
  signal: AbortSignal,
): Promise<readonly Unexpected[]> {
  const { name, repositoryId } = row;
  const packument = await deps.registry.findPackument(name, signal);
  const present = [...(packument?.versions.keys() ?? [])];
  const before = new Set(await deps.trial.begin(repositoryId, name, present));
  const recorded = new Set((await deps.trial.listRecorded(name)).map(({ version }) => version));
  const isOurs = whyExcluded(row, deps.scopes) === undefined;
  const found: Unexpected[] = [];
  for (const version of present) {
    if (before.has(version) || recorded.has(version)) continue;
    // An excluded name may be somebody else's package, which goes on without this repository.
    if (!isOurs && version !== row.version) continue;
    const intents = await deps.ledger.listIntents(name, version);
    if (!intents.some(({ state }) => state === 'stored')) found.push({ name, version, repositoryId });
  }
  return found;
}

async function explain(
  deps: ShadowDeps,
  { name, version, repositoryId }: Unexpected,
  row: CatalogRow | undefined,
  signal: AbortSignal,
): Promise<ShadowFinding> {
  const copy = await deps.copies.findCopy(name, version, signal);
  const exclusion = row === undefined ? undefined : whyExcluded(row, deps.scopes);
  const verdict = await deps.comparisons.findVerdict(repositoryId, name, version);
  const why = (verdict === undefined ? undefined : wordVerdict(verdict)) ?? exclusion;
  const receivedAt = copy?.receivedAt;
  const unseen = 'No commit that was judged here declares it';
  return { kind: 'unexpected', name, version, receivedAt, why: why ?? unseen };
}

function wordVerdict({ failure, note, state }: PackageResult): string | undefined {
  if (failure !== undefined) return renderFailure(failure).title;
  return note ?? (state === 'unchanged' ? 'Its manifest did not change in what was judged' : undefined);
}
