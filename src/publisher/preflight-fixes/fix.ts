import type { Finding } from '../../domain/report.ts';

/** What becomes of a file; paths are relative to the package. */
export type FileChange =
  | { readonly kind: 'written'; readonly path: string; readonly content: string }
  | { readonly kind: 'deleted'; readonly path: string }
  | { readonly kind: 'moved'; readonly path: string; readonly to: string };

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
  /** Whether it may help with this one, as far as the finding tells. */
  canFix(finding: Finding): boolean;
  /** Files whose text it needs. */
  reads(findings: readonly Finding[]): readonly string[];
  fix(found: PackageToFix, findings: readonly Finding[]): readonly FileChange[];
}
