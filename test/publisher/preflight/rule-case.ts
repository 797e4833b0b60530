import type { Finding } from '../../../src/domain/job/report.ts';
import type { Sample } from './sample-package.ts';

/** A package that violates a rule, and one that looks like it and does not. */
export interface RuleCase {
  readonly rule: string;
  readonly what: string;
  readonly trips: Sample;
  /** Expected members of its first finding of this rule. */
  readonly finding: Partial<Finding>;
  readonly nearly: Sample;
  /**
   * True when the rule compares with what a published tarball does not contain: another version, the commit, other
   * packages.
   */
  readonly isComparison?: true;
}
