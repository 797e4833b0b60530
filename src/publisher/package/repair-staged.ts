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
import type { Run } from '../run/run.ts';
import type { BuildDeps } from './deps.ts';
import { type CheckedTarball, packAndCheck, type StagedPackage } from './pack-and-check.ts';

/** What the report says of a repair. */
export interface RepairNotes {
  /** Files that are not, or not like this, in the commit. */
  readonly repaired: readonly string[];
  readonly warnings: readonly string[];
}

export type StagedRepair =
  | { readonly kind: 'nothing' }
  /** The folder is changed, and did not become better. */
  | { readonly kind: 'in-vain' }
  | ({ readonly kind: 'repaired'; readonly checked: CheckedTarball } & RepairNotes);

export const nothingRepaired: StagedRepair = { kind: 'nothing' };

/**
 * Where the repository wants it, repairs what is staged as a proposed fix would, and packs again. Its tarball counts only
 * when nothing blocks it: what is stopped in the end is told as it was committed. Throws what packing throws by its
 * neighbours, and disk-full.
 */
export async function repairStaged(
  deps: BuildDeps,
  run: Run,
  staged: StagedPackage,
  checked: CheckedTarball,
): Promise<StagedRepair> {
  const fixable = checked.findings.filter(isFixable);
  // A gate stops it whatever is repaired besides.
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
  return { kind: 'repaired', checked: { ...after, findings }, ...noteRepair(repair) };
}

/** package.json ships as committed: it is the manifest that the registry gets, and the one that was judged. */
const leaveManifest: ChooseChanges = ({ onlyNamesInManifest }, made) => {
  const others = made.filter(({ path }) => path !== 'package.json');
  return others.length === made.length || onlyNamesInManifest === true ? others : [];
};

/** What was committed, with what we added ourselves. */
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

/** Undefined when it cannot be done, or not be packed then. */
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

/** As if the repair had been committed. */
function applyTo(
  committed: StagedPackage['committed'],
  changes: readonly FileChange[],
): StagedPackage['committed'] {
  const gone = new Set(changes.map(({ path }) => path));
  const written = listWritten(changes).map((path) => ({ path, mode: '100644' as const }));
  return [...committed.filter(({ path }) => !gone.has(path)), ...written];
}

/** Where the contents are now. */
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

/** They stay a warning: the repository has them still, and somebody may want the repair in there. */
function withRepaired(after: readonly Finding[], before: readonly Finding[]): readonly Finding[] {
  const left = new Set(after.map(identityOf));
  const repaired = before
    .filter((finding) => finding.severity !== 'info' && !left.has(identityOf(finding)))
    .map((finding): Finding => ({ ...finding, severity: 'warn', loweredBy: 'repair' }));
  return [...repaired, ...after].toSorted((a, b) => severityRank[a.severity] - severityRank[b.severity]);
}

const listed = 5;

/** That it was repaired is told by its findings. */
function noteRepair({ changes }: Repair): RepairNotes {
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
