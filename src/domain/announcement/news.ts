import { isSameTrouble } from '../job/mending.ts';
import type { Finding, PackageResult } from '../job/report.ts';
import { identityOf } from '../package/finding.ts';

/** What there is to say about a package that was not said the last time. */
export interface News {
  /** The result as it is announced: without warnings that an earlier job announced. */
  readonly result: PackageResult;
  /** Whether the package is excluded, and was not before or was for another reason. */
  readonly isNewlyExcluded: boolean;
  /** Whether the version is not published because a newer commit was judged before, and that was not said yet. */
  readonly isNewlySuperseded: boolean;
}

/** Whether it matters for this result what was said before. */
export function mayBeOldNews(result: PackageResult): boolean {
  const { state, warnings, findings } = result;
  return state === 'excluded' || isLeftOut(result) || warnings.length > 0 || findings.length > 0;
}

/** Whether the version is absent from the registry, and stays so unless a person wants it. */
export function isLeftOut({ failure }: PackageResult): boolean {
  return failure?.reason === 'superseded' && failure.facts.version !== undefined;
}

/**
 * Finds what is new in a result. `earlier` is what was last known of the same folder; undefined the first time. Pure.
 */
export function findNews(result: PackageResult, earlier: PackageResult | undefined): News {
  const toldWarnings = new Set(earlier?.warnings);
  const toldFindings = new Set(earlier?.findings.map(newsOf));
  const isNewlyExcluded =
    result.state === 'excluded' && !(earlier?.state === 'excluded' && earlier.note === result.note);
  return {
    result: {
      ...result,
      warnings: result.warnings.filter((warning) => !toldWarnings.has(warning)),
      findings: result.findings.filter(
        (finding) => finding.severity !== 'warn' || !toldFindings.has(newsOf(finding)),
      ),
    },
    isNewlyExcluded,
    isNewlySuperseded: isLeftOut(result) && !(earlier !== undefined && isSameTrouble(result, earlier)),
  };
}

/**
 * Returns what makes two findings the same news. A repair is identified by its file alone: after the first repaired
 * version the same gap also has a GUID that was published.
 */
function newsOf(finding: Finding): string {
  const { rule, file } = finding;
  return finding.loweredBy === 'repair' ? JSON.stringify(['repaired', rule, file]) : identityOf(finding);
}
