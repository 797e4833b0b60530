import type { Finding } from '../../../src/domain/job/report.ts';
import type { Sample } from './sample-package.ts';

/** A package that trips a rule, and one that looks like it and does not. */
export interface RuleCase {
  readonly rule: string;
  readonly what: string;
  readonly trips: Sample;
  /** Of its first finding of this rule. */
  readonly finding: Partial<Finding>;
  readonly nearly: Sample;
  /** It is about something that a published tarball does not tell: another version, the commit, other packages. */
  readonly isComparison?: true;
}
