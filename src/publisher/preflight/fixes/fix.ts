import type { Finding } from '../../../domain/job/report.ts';
import type { FileChange } from '../../../domain/package/file-change.ts';

export type { FileChange } from '../../../domain/package/file-change.ts';

/** A package as it was committed, as far as a fix has to know it. */
export interface PackageToFix {
  readonly name: string;
  /** Regular files. */
  readonly paths: ReadonlySet<string>;
  /** Of the files that `reads` named and that are valid UTF-8, a byte order mark included. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Repairs what one rule finds, where that takes no judgement. Pure: the same package always gets the same changes, so
 * that what is packed and what is proposed are one thing. A finding that it cannot repair is left alone.
 */
export interface Fix {
  /** Id of the rule. */
  readonly rule: string;
  /** What it does, for people who read a pull request; completes "The publisher …". */
  readonly does: string;
  /** In package.json it does no more than name what it wrote: while packing, the list of what ships is told instead. */
  readonly onlyNamesInManifest?: true;
  /** Whether it may help with this one, as far as the finding tells. */
  canFix(finding: Finding): boolean;
  /** Files whose text it needs. */
  reads(findings: readonly Finding[]): readonly string[];
  fix(found: PackageToFix, findings: readonly Finding[]): readonly FileChange[];
}
