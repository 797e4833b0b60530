import type { Finding } from '../../domain/job/report.ts';
import { identityOf, isGate, isSecret, severityRank } from '../../domain/package/finding.ts';
import type { RuleLevels } from '../../domain/package/rule-level.ts';

/** How the findings of one version are weighed. */
export interface FindingPolicy {
  /** Levels that operators set for the repository's rules. */
  readonly levels: RuleLevels;
  /** Findings of the previous published version; undefined when they are not known. */
  readonly earlier: readonly Finding[] | undefined;
  /** Whether an operator publishes this version in spite of its findings. */
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
 * Returns the findings with the severities that count, blocking ones first, and the reason where a severity was
 * lowered. The repository's settings come first, then what the previous version already had (it must not stop an
 * existing package), then an operator's exception for this version. Gates keep their severity; a secret is lowered by
 * its own fingerprint only. Pure.
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

/** Returns undefined when the repository switched the rule off. */
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
