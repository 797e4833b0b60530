import type { PackageResult, PackageState } from './report.ts';

const auditedStates: readonly PackageState[] = ['published', 'failed', 'held', 'withdrawn'];

export interface AuditedResult {
  readonly action: string;
  readonly subject: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Returns what the audit trail keeps of a job's packages, for outcomes that are final. */
export function auditResults(
  job: number,
  repository: string,
  results: readonly PackageResult[],
): readonly AuditedResult[] {
  return results
    .filter(({ state }) => auditedStates.includes(state))
    .map(({ name, version, path, state, previousVersion, distTag, integrity, failure, waiting }) => {
      const reason = failure?.reason;
      const awaits = waiting?.awaits;
      const facts = { job, repository, path, previousVersion, distTag, integrity, reason, awaits };
      const subject = version === undefined ? name : `${name}@${version}`;
      return { action: `package-${state}`, subject, facts };
    });
}
