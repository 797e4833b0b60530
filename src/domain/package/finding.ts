import type { Finding, PackageReport } from '../job/report.ts';

/** The first is what older reports call it. */
const secretRules: readonly string[] = ['pack.secret', 'pack.secret-scan'];
const gateRules: readonly string[] = [...secretRules, 'lfs.pointer'];

/** Gates hold whatever a setting, an earlier version or an operator says: what they let out cannot be taken back. */
export function isGate(rule: string): boolean {
  return gateRules.includes(rule);
}

/** A secret may be allowed by its fingerprint, one at a time. */
export function isSecret(rule: string): boolean {
  return secretRules.includes(rule);
}

/** What makes two findings the same one: the rule and the place, not the sentence, which may be worded anew. */
export function identityOf({ rule, file, subject }: Finding): string {
  return JSON.stringify([rule, file ?? '', subject ?? '']);
}

/** Findings of one rule and severity in one package: said once, with the files that it is about. */
export interface FindingGroup {
  readonly rule: string;
  readonly severity: Finding['severity'];
  readonly loweredBy: Finding['loweredBy'];
  /** In the order in which they were found; never empty. */
  readonly findings: readonly [Finding, ...(readonly Finding[])];
}

export const severityRank: Readonly<Record<Finding['severity'], number>> = { block: 0, warn: 1, info: 2 };

/** Blocking ones first. */
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

/** An operator may let it through: preflight stopped or held it, and no gate is among what stopped it. */
export function canPublishAnyway(item: Judged): boolean {
  const blocking = listBlocking(item);
  const isStopped = stoppedByPreflight.includes(item.reason);
  return isStopped && blocking.length > 0 && !blocking.some(({ rule }) => isGate(rule));
}

/** Secrets that stopped it, as far as each can be allowed by itself. */
export function listAllowableSecrets(item: Judged): readonly (Finding & { readonly fingerprint: string })[] {
  if (item.reason !== 'preflight-rejected') return [];
  return listBlocking(item).flatMap((finding) => {
    const { rule, fingerprint } = finding;
    return isSecret(rule) && fingerprint !== undefined ? [{ ...finding, fingerprint }] : [];
  });
}
