import { PublishError } from '../../domain/failure/failure.ts';
import type { Finding } from '../../domain/job/report.ts';
import type { FileChange } from '../../domain/package/file-change.ts';
import { identityOf, isGate, listBlocking, severityRank } from '../../domain/package/finding.ts';
import { attestationFile } from '../../domain/package/signing.ts';
import type { PackageToFix } from '../preflight/fixes/fix.ts';
import {
  type ChooseChanges,
  filesToRead,
  isFixable,
  planRepair,
  type Repair,
} from '../preflight/repair/plan-repair.ts';
import { keepTexts } from '../preflight/repair/read-package.ts';
import type { Run } from '../run/pipeline.ts';
import type { BuildDeps } from './deps.ts';
import { type CheckedTarball, packAndCheck, type StagedPackage } from './pack-and-check.ts';

/** What the report says about a repair. */
export interface Told {
  /** Files of the tarball that the commit lacks or has with other contents. */
  readonly repaired: readonly string[];
  readonly warnings: readonly string[];
}

export type StagedRepair =
  | { readonly kind: 'nothing' }
  /** The staged folder was changed, and the package did not become better. */
  | { readonly kind: 'in-vain' }
  | ({ readonly kind: 'repaired'; readonly checked: CheckedTarball } & Told);

export const nothingRepaired: StagedRepair = { kind: 'nothing' };

/**
 * If the repository asks for it, repairs the staged files as a proposed fix would, and packs again. The new tarball
 * counts only when nothing blocks it; a package that stays blocked is reported as it was committed. Throws disk-full,
 * and what packing throws because of a neighbour.
 */
export async function repairStaged(
  deps: BuildDeps,
  run: Run,
  staged: StagedPackage,
  checked: CheckedTarball,
): Promise<StagedRepair> {
  const fixable = checked.findings.filter(isFixable);
  // A gate stops the package whatever else is repaired.
  const isHopeless = listBlocking(checked).some(({ rule }) => isGate(rule));
  if (fixable.length === 0 || isHopeless) return nothingRepaired;
  const repository = await deps.repositories.find(run.job.repositoryId);
  if (repository?.fixes !== 'staging') return nothingRepaired;
  const repair = planRepair(await readStaged(staged, checked, fixable), fixable, leaveManifest);
  if (repair.changes.length === 0) return nothingRepaired;
  const after = await tryRepair(deps, run, staged, checked, repair);
  if (after === undefined) return { kind: 'in-vain' };
  if (!isMended(after, repair)) {
    await deps.workspace.removeTarball(after.packed.tarball);
    return { kind: 'in-vain' };
  }
  await deps.workspace.removeTarball(checked.packed.tarball);
  const findings = withRepaired(after.findings, checked.findings);
  return { kind: 'repaired', checked: { ...after, findings }, ...tell(repair) };
}

/** Leaves package.json as committed: the registry gets that manifest, and it was the one that was judged. */
const leaveManifest: ChooseChanges = ({ onlyNamesInManifest }, made) => {
  const others = made.filter(({ path }) => path !== 'package.json');
  return others.length === made.length || onlyNamesInManifest === true ? others : [];
};

/** Reads the committed files and the files that we added. */
async function readStaged(
  { plan, folder, committed, added }: StagedPackage,
  { packed }: CheckedTarball,
  findings: readonly Finding[],
): Promise<PackageToFix> {
  const files = committed.filter(({ mode, path }) => mode.startsWith('100') && path !== attestationFile);
  const sizes = new Map(packed.entries.map(({ path, bytes }) => [path, bytes]));
  const texts = keepTexts();
  for (const path of filesToRead(findings)) {
    if (texts.hasRoom(sizes.get(path) ?? Number.POSITIVE_INFINITY)) texts.add(path, await folder.read(path));
  }
  const paths = new Set([...files.map(({ path }) => path), ...added]);
  return { name: plan.manifest.name, paths, texts: texts.kept };
}

/** Returns undefined when the repair cannot be made, or the repaired files cannot be packed. */
async function tryRepair(
  deps: BuildDeps,
  run: Run,
  staged: StagedPackage,
  { packed: { objects } }: CheckedTarball,
  { changes }: Repair,
): Promise<CheckedTarball | undefined> {
  const committed = applyTo(staged.committed, changes);
  const added = [...new Set([...staged.added, ...listWritten(changes)])];
  try {
    await staged.folder.change(changes);
    return await packAndCheck(deps, run, { ...staged, committed, added, objects });
  } catch (error) {
    if (!(error instanceof PublishError) || error.failure.reason === 'disk-full') throw error;
    const { number: job } = run.job;
    deps.logger.warn('a package could not be repaired', { job, package: staged.plan.manifest.name, error });
    return undefined;
  }
}

/** Returns the committed files as they would be if the repair had been committed. */
function applyTo(
  committed: StagedPackage['committed'],
  changes: readonly FileChange[],
): StagedPackage['committed'] {
  const gone = new Set(changes.map(({ path }) => path));
  const written = listWritten(changes).map((path) => ({ path, mode: '100644' as const }));
  return [...committed.filter(({ path }) => !gone.has(path)), ...written];
}

/** Returns the paths at which changed contents are afterwards. */
function listWritten(changes: readonly FileChange[]): readonly string[] {
  return changes.flatMap((change) => {
    if (change.kind === 'deleted') return [];
    return [change.kind === 'moved' ? change.to : change.path];
  });
}

function isMended({ findings }: CheckedTarball, { steps }: Repair): boolean {
  const isLeft = ({ rule, file = '' }: Finding): boolean =>
    steps.some(
      (step) => step.rule === rule && [file, `${file}.meta`].some((path) => step.files.includes(path)),
    );
  return listBlocking({ findings }).length === 0 && !findings.some(isLeft);
}

/**
 * Repaired findings stay as warnings: the repository still has the problem, and somebody may want to repair it there.
 */
function withRepaired(after: readonly Finding[], before: readonly Finding[]): readonly Finding[] {
  const left = new Set(after.map(identityOf));
  const repaired = before
    .filter((finding) => finding.severity !== 'info' && !left.has(identityOf(finding)))
    .map((finding): Finding => ({ ...finding, severity: 'warn', loweredBy: 'repair' }));
  return [...repaired, ...after].toSorted((a, b) => severityRank[a.severity] - severityRank[b.severity]);
}

const listed = 5;

/** Warns only about files that went away or were renamed; the findings already report what was repaired. */
function tell({ changes }: Repair): Told {
  const gone = changes.filter(({ kind }) => kind !== 'written').map(({ path }) => path);
  const more = gone.length > listed ? ` and ${gone.length - listed} more` : '';
  return {
    repaired: listWritten(changes),
    warnings:
      gone.length === 0
        ? []
        : [`Not in the tarball under its committed name: ${gone.slice(0, listed).join(', ')}${more}`],
  };
}
