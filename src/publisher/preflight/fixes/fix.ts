import type { Finding } from '../../../domain/job/report.ts';
import type { FileChange } from '../../../domain/package/file-change.ts';

export type { FileChange } from '../../../domain/package/file-change.ts';

/** A committed package, as far as a fix has to know it. */
export interface PackageToFix {
  readonly name: string;
  /** Paths of the regular files. */
  readonly paths: ReadonlySet<string>;
  /** Texts of the files that `reads` named and that are valid UTF-8, a byte order mark included. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Repairs what one rule finds, where that takes no judgement. Pure: the same package always gets the same changes, so
 * that what is packed and what is proposed are the same. A finding that it cannot repair is left alone.
 */
export interface Fix {
  /** Id of the rule whose findings it repairs. */
  readonly rule: string;
  /** What the fix does, for readers of a pull request; completes "The publisher …". */
  readonly does: string;
  /**
   * Set when the fix changes package.json only to name what it wrote. While packing, the list of shipped files is
   * extended instead.
   */
  readonly onlyNamesInManifest?: true;
  /** Whether the fix may help with this finding, as far as the finding shows. */
  canFix(finding: Finding): boolean;
  /** Lists the files whose text the fix needs. */
  reads(findings: readonly Finding[]): readonly string[];
  fix(found: PackageToFix, findings: readonly Finding[]): readonly FileChange[];
}
