import type { Finding } from '../../../domain/job/report.ts';
import type { PackedEntry } from '../../../domain/package/tarball.ts';
import type { PackedPackage } from '../contents/package.ts';

export type { PackedPackage } from '../contents/package.ts';
export type Severity = Finding['severity'];

/** A finding before it has its rule's name; without a severity it gets the rule's. */
export type Observation = Omit<Finding, 'rule' | 'severity'> & { readonly severity?: Severity };

interface RuleAbout {
  readonly id: string;
  /** Of its findings, unless one says otherwise. */
  readonly severity: Severity;
  /** When a finding gets another severity; for the document of rules. */
  readonly exception?: string;
  /** What it finds, and why that matters, for the document of rules. */
  readonly finds: string;
  readonly why: string;
  /** The number of Unity's own check of the same. */
  readonly unityCheck?: string;
}

/** Looks at the package as a whole. */
export interface PackageRule extends RuleAbout {
  check(packed: PackedPackage): readonly Observation[] | Promise<readonly Observation[]>;
}

/** A packed file with its bytes. */
export interface PackedFile extends PackedEntry {
  readonly content: Buffer;
}

/** Looks at single files; each is read once for all rules that want it. */
export interface FileRule extends RuleAbout {
  wants(entry: PackedEntry): boolean;
  checkFile(file: PackedFile): readonly Observation[];
}

export type Rule = PackageRule | FileRule;
