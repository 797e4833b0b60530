import type { Finding } from '../../domain/job/report.ts';
import { identityOf, isGate, isSecret, severityRank } from '../../domain/package/finding.ts';
import type { RuleLevels } from '../../domain/package/rule-level.ts';

/** What is to be made of the findings of one version. */
export interface FindingPolicy {
  /** What operators set for the repository. */
  readonly levels: RuleLevels;
  /** Of the previous published version; undefined when nobody knows them. */
  readonly earlier: readonly Finding[] | undefined;
  /** An operator publishes this version in spite of what was found. */
  readonly anyway: boolean;
  /** Fingerprints of secrets that an operator allowed. */
  readonly allowedSecrets: ReadonlySet<string>;
}

export const strictPolicy: FindingPolicy = {
  levels: {},
  earlier: undefined,
  anyway: false,
  allowedSecrets: new Set(),
};

/**
 * Findings as they count, blocking ones first, each that counts for less with the reason: the repository's settings
 * first, then what the previous version had already (it must not stop an existing package), then an operator's word for
 * this version. Gates keep their severity; a secret gives way to its own fingerprint only. Pure.
 */
export function applyPolicy(findings: readonly Finding[], policy: FindingPolicy): readonly Finding[] {
  const known = new Set((policy.earlier ?? []).map(identityOf));
  return findings
    .flatMap((finding) => {
      const counted = isGate(finding.rule)
        ? judgeGate(finding, policy)
        : judgeRule(finding, policy, known.has(identityOf(finding)));
      return counted === undefined ? [] : [counted];
    })
    .toSorted((a, b) => severityRank[a.severity] - severityRank[b.severity]);
}

function judgeGate(finding: Finding, { allowedSecrets }: FindingPolicy): Finding {
  const { rule, fingerprint } = finding;
  const isAllowed = isSecret(rule) && fingerprint !== undefined && allowedSecrets.has(fingerprint);
  return isAllowed ? lower(finding, 'operator') : finding;
}

/** Undefined when the repository does not want to hear of the rule. */
function judgeRule(
  finding: Finding,
  { levels, anyway }: FindingPolicy,
  isKnown: boolean,
): Finding | undefined {
  const level = Object.hasOwn(levels, finding.rule) ? levels[finding.rule] : undefined;
  if (level === 'off') return undefined;
  const set = level === undefined ? finding : applyLevel(finding, level);
  if (set.severity !== 'block') return set;
  if (isKnown) return lower(set, 'ratchet');
  return anyway ? lower(set, 'operator') : set;
}

function applyLevel(finding: Finding, severity: Finding['severity']): Finding {
  const isLower = severityRank[severity] > severityRank[finding.severity];
  return isLower ? { ...finding, severity, loweredBy: 'repository' } : { ...finding, severity };
}

function lower(finding: Finding, by: NonNullable<Finding['loweredBy']>): Finding {
  return finding.severity === 'block' ? { ...finding, severity: 'warn', loweredBy: by } : finding;
}
