import type { Finding } from '../../../domain/job/report.ts';
import type { FileChange, Fix, PackageToFix } from '../fixes/fix.ts';
import { fixes } from '../fixes/index.ts';

/** What one rule's fix changes. */
export interface RepairStep {
  readonly rule: string;
  readonly does: string;
  /** Files that the fix is about, in the order of the changes. */
  readonly files: readonly string[];
}

export interface Repair {
  /** At most one change per path; several changes of one file are merged. */
  readonly changes: readonly FileChange[];
  readonly steps: readonly RepairStep[];
}

/** Whether a fix may help with the finding; whether it does is known once the package was read. */
export function isFixable(finding: Finding): boolean {
  return finding.severity !== 'info' && fixes.some((fix) => isFor(fix, finding));
}

/** Lists the files whose texts `planRepair` needs. */
export function filesToRead(findings: readonly Finding[]): readonly string[] {
  const read = fixes.flatMap((fix) => {
    const own = findings.filter((finding) => isFor(fix, finding));
    return own.length === 0 ? [] : fix.reads(own);
  });
  return [...new Set(read)];
}

/** Returns those of a fix's changes that may be made. */
export type ChooseChanges = (fix: Fix, made: readonly FileChange[]) => readonly FileChange[];

/** Plans the repair of everything that takes no judgement. Pure. */
export function planRepair(
  found: PackageToFix,
  findings: readonly Finding[],
  choose: ChooseChanges = (_, made) => made,
): Repair {
  let now = found;
  const changes = new Map<string, FileChange>();
  const steps: RepairStep[] = [];
  for (const fix of fixes) {
    const own = findings.filter((finding) => isFor(fix, finding));
    const made = own.length === 0 ? [] : choose(fix, fix.fix(now, own));
    if (made.length === 0) continue;
    for (const change of made) merge(changes, change);
    now = applyChanges(now, made);
    steps.push({ rule: fix.rule, does: fix.does, files: made.map(({ path }) => path) });
  }
  return { changes: [...changes.values()], steps };
}

function isFor(fix: Fix, finding: Finding): boolean {
  return fix.rule === finding.rule && fix.canFix(finding);
}

/** Merges a change into the others: a file that was written and then moved is written at its new place. */
function merge(changes: Map<string, FileChange>, change: FileChange): void {
  const before = changes.get(change.path);
  if (change.kind === 'moved' && before?.kind === 'written') {
    changes.set(change.path, { kind: 'deleted', path: change.path });
    changes.set(change.to, { kind: 'written', path: change.to, content: before.content });
  } else changes.set(change.path, change);
}

function applyChanges(found: PackageToFix, changes: readonly FileChange[]): PackageToFix {
  const paths = new Set(found.paths);
  const texts = new Map(found.texts);
  for (const change of changes) {
    if (change.kind === 'written') {
      paths.add(change.path);
      texts.set(change.path, change.content);
      continue;
    }
    paths.delete(change.path);
    texts.delete(change.path);
    if (change.kind === 'moved') paths.add(change.to);
  }
  return { ...found, paths, texts };
}
