import type { Finding } from '../../../domain/job/report.ts';
import type { PackedEntry } from '../../../domain/package/tarball.ts';
import type { PackedPackage } from '../contents/package.ts';

export type { PackedPackage } from '../contents/package.ts';
export type Severity = Finding['severity'];

/** A finding before it gets its rule's id; without a severity it gets the rule's severity. */
export type Observation = Omit<Finding, 'rule' | 'severity'> & { readonly severity?: Severity };

interface RuleAbout {
  readonly id: string;
  /** Severity of its findings, unless a finding says otherwise. */
  readonly severity: Severity;
  /** When a finding gets another severity; for the document of rules. */
  readonly exception?: string;
  /** What the rule finds, and why that matters, for the document of rules. */
  readonly finds: string;
  readonly why: string;
  /** Number of Unity's own check for the same problem. */
  readonly unityCheck?: string;
}

/** A rule that looks at the package as a whole. */
export interface PackageRule extends RuleAbout {
  check(packed: PackedPackage): readonly Observation[] | Promise<readonly Observation[]>;
}

/** A packed file with its bytes. */
export interface PackedFile extends PackedEntry {
  readonly content: Buffer;
}

/** A rule that looks at single files; each file is read once for all rules that want it. */
export interface FileRule extends RuleAbout {
  wants(entry: PackedEntry): boolean;
  checkFile(file: PackedFile): readonly Observation[];
}

export type Rule = PackageRule | FileRule;
