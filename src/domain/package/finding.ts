import type { Finding, PackageReport } from '../job/report.ts';

/** Ids of the rules about secrets; older reports have the first one. */
const secretRules: readonly string[] = ['pack.secret', 'pack.secret-scan'];
const gateRules: readonly string[] = [...secretRules, 'lfs.pointer'];

/**
 * Whether the rule is a gate. Gates hold whatever a setting, an earlier version or an operator says: what they let out
 * cannot be taken back.
 */
export function isGate(rule: string): boolean {
  return gateRules.includes(rule);
}

/** Whether the rule is about secrets, which may be allowed by their fingerprints, one at a time. */
export function isSecret(rule: string): boolean {
  return secretRules.includes(rule);
}

/**
 * Returns what makes two findings the same one: the rule and the place, and not the sentence, which may be worded anew.
 */
export function identityOf({ rule, file, subject }: Finding): string {
  return JSON.stringify([rule, file ?? '', subject ?? '']);
}

/** Findings of one rule and severity in one package: shown once, with the files that they are about. */
export interface FindingGroup {
  readonly rule: string;
  readonly severity: Finding['severity'];
  readonly loweredBy: Finding['loweredBy'];
  /** Findings in the order in which they were found; never empty. */
  readonly findings: readonly [Finding, ...(readonly Finding[])];
}

export const severityRank: Readonly<Record<Finding['severity'], number>> = { block: 0, warn: 1, info: 2 };

/** Groups findings, the blocking groups first. */
export function groupFindings(findings: readonly Finding[]): readonly FindingGroup[] {
  const groups = Map.groupBy(findings, ({ rule, severity, loweredBy }) =>
    JSON.stringify([severity, rule, loweredBy]),
  );
  return [...groups.values()]
    .flatMap(([first, ...others]) => {
      if (first === undefined) return [];
      const { rule, severity, loweredBy } = first;
      return [{ rule, severity, loweredBy, findings: [first, ...others] as const }];
    })
    .toSorted((a, b) => severityRank[a.severity] - severityRank[b.severity]);
}

type Judged = Pick<PackageReport, 'reason' | 'findings'>;

export function listBlocking({ findings }: Pick<Judged, 'findings'>): readonly Finding[] {
  return findings.filter((finding) => finding.severity === 'block');
}

const stoppedByPreflight: readonly (string | null)[] = ['preflight-rejected', 'dependency-held'];

/**
 * Whether an operator may let the package through: preflight stopped or held it, and no gate is among what stopped it.
 */
export function canPublishAnyway(item: Judged): boolean {
  const blocking = listBlocking(item);
  const isStopped = stoppedByPreflight.includes(item.reason);
  return isStopped && blocking.length > 0 && !blocking.some(({ rule }) => isGate(rule));
}

/** Lists the secrets that stopped the package, as far as each can be allowed by itself. */
export function listAllowableSecrets(item: Judged): readonly (Finding & { readonly fingerprint: string })[] {
  if (item.reason !== 'preflight-rejected') return [];
  return listBlocking(item).flatMap((finding) => {
    const { rule, fingerprint } = finding;
    return isSecret(rule) && fingerprint !== undefined ? [{ ...finding, fingerprint }] : [];
  });
}
